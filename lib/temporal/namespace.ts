import type { ConnectionLike } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time';
import { temporal } from '@temporalio/proto';
import { retryWithBackoff } from '../async/backoff';

const { IndexedValueType } = temporal.api.enums.v1;

/** A namespace as the platform needs it. */
export interface WantedNamespace {
  namespace: string;
  /** How long workflows that have ended are kept; only for a namespace that is made. */
  retentionDays: number;
  /** The search attributes that workflows set: all are keywords. */
  keywords: readonly string[];
}

/** Codes of gRPC. */
const [notFound, alreadyExists] = [5, 6];
const codeOf = (error: unknown): number | undefined => (error as { code?: number }).code;

/**
 * Makes the namespace and its search attributes, and resolves when the server knows them. What is there stays as it is.
 * Can be repeated. @returns what was made.
 * @throws Error when a search attribute of that name has another type
 */
export async function provisionNamespace(connection: ConnectionLike, wanted: WantedNamespace): Promise<string[]> {
  const { namespace, retentionDays, keywords } = wanted;
  const made: string[] = [];
  if (!(await hasNamespace(connection, namespace))) {
    await connection.workflowService
      .registerNamespace({ namespace, workflowExecutionRetentionPeriod: msToTs(`${retentionDays} days`) })
      .catch(unless(alreadyExists));
    made.push(`namespace ${namespace}`);
  }
  // The caches of the server learn of a new namespace within ten seconds.
  const known = await retryWithBackoff(() => attributesOf(connection, namespace), waiting);
  const missing = keywords.filter((name) => !isKeyword(name, known));
  if (missing.length === 0) return made;
  const searchAttributes = Object.fromEntries(
    missing.map((name) => [name, IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD]),
  );
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes }).catch(unless(alreadyExists));
  const query = missing.map((name) => `${name} = "any"`).join(' or ');
  await retryWithBackoff(() => connection.workflowService.countWorkflowExecutions({ namespace, query }), waiting);
  return [...made, ...missing.map((name) => `search attribute ${name}`)];
}

const waiting = { backoff: { firstMs: 500, maxMs: 2_000 }, attempts: 30 };

const unless =
  (code: number) =>
  (error: unknown): void => {
    if (codeOf(error) !== code) throw error;
  };

async function hasNamespace({ workflowService }: ConnectionLike, namespace: string): Promise<boolean> {
  try {
    await workflowService.describeNamespace({ namespace });
    return true;
  } catch (error) {
    if (codeOf(error) === notFound) return false;
    throw error;
  }
}

type Attributes = Readonly<Record<string, temporal.api.enums.v1.IndexedValueType>>;

async function attributesOf({ operatorService }: ConnectionLike, namespace: string): Promise<Attributes> {
  const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
  return customAttributes;
}

/** @throws Error when it has another type, which cannot be changed. */
function isKeyword(name: string, known: Attributes): boolean {
  const type = known[name];
  if (type === undefined || type === IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD) return type !== undefined;
  throw new Error(`The search attribute ${name} is there already, but is no keyword: remove it first`);
}

/** The same as commands of Temporal's CLI. */
export const namespaceCommands = ({ namespace, retentionDays, keywords }: WantedNamespace): string[] => [
  `temporal operator namespace describe --namespace ${namespace} ||`,
  `  temporal operator namespace create --namespace ${namespace} --retention ${retentionDays * 24}h`,
  ...keywords.map(
    (name) => `temporal operator search-attribute create --namespace ${namespace} --name ${name} --type Keyword`,
  ),
];
