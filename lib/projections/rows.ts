import type { Queryable } from '../db/database';
import { inOneStatement, type Write } from '../db/writes';
import type { Envelope } from '../events/envelope';
import { declareSubscription, type Subscription } from '../inbox/subscription/subscription';
import { shadowSchema, eraseFromShadow, type Erasure } from './shadow-table-store';
import type { Projection, RecordedFact, RowChange } from './projection';
import { rowsDelete, rowsUpsert, selectRows, type TableRef } from './store';

/** An event that a projection could not apply; the message names it. */
export class ProjectionFailure extends Error {
  constructor(projection: Projection, { id, type, stream, version }: Omit<RecordedFact, 'data'>, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`${projection.name} cannot apply ${type} ${id}, version ${version} of ${stream}: ${why}`, { cause });
    this.name = 'ProjectionFailure';
  }
}

/** The table of a projection; the live one is in the schema `public`. */
export const tableRefOf = ({ table, key }: Projection, schema = 'public'): TableRef => ({ schema, table, key });

/**
 * The writes that apply events to a table: one statement for changed rows, one for deleted rows. Reading the rows
 * before takes one more, however many events there are. The events of each stream must be the next ones, by version,
 * and the caller must keep others from writing these rows meanwhile.
 * @throws ProjectionFailure
 */
export async function rowChanges(
  db: Queryable,
  projection: Projection,
  ref: TableRef,
  facts: readonly RecordedFact[],
): Promise<Write[]> {
  return writesOf(ref, await fold(db, projection, ref, facts));
}

interface KeyedChange extends RowChange {
  key: object;
}

/** The rows that events change, before and after. */
async function fold(
  db: Queryable,
  projection: Projection,
  ref: TableRef,
  facts: readonly RecordedFact[],
): Promise<KeyedChange[]> {
  const groups = groupByKey(projection, facts);
  if (groups.size === 0) return [];
  const keys = Array.from(groups.values(), ({ key }) => key);
  const before = new Map((await selectRows(db, ref, keys)).map((row) => [keyText(projection, row), row]));
  return Array.from(groups, ([text, { key, facts: theirs }]) => ({
    key,
    before: before.get(text),
    after: theirs.reduce<object | undefined>((row, fact) => evolve(projection, row, fact), before.get(text)),
  }));
}

function writesOf(ref: TableRef, changes: readonly KeyedChange[]): Write[] {
  const rows = changes.flatMap(({ after }) => after ?? []);
  const deleted = changes.flatMap(({ key, before, after }) => (before && !after ? [key] : []));
  return [
    ...(deleted.length > 0 ? [rowsDelete(ref, deleted)] : []),
    ...(rows.length > 0 ? [rowsUpsert(ref, rows)] : []),
  ];
}

/** Folds events into the live table. */
export async function foldIntoTable(
  db: Queryable,
  projection: Projection,
  facts: readonly RecordedFact[],
): Promise<void> {
  const ref = tableRefOf(projection);
  const changes = await fold(db, projection, ref, facts);
  const writes = writesOf(ref, changes);
  if (writes.length > 0) await inOneStatement(db, writes);
  for (const erasure of facts.flatMap((fact) => erasureOf(projection, fact) ?? []))
    await eraseFromShadow(db, tableRefOf(projection, shadowSchema(projection.name)), erasure);
  await projection.changed?.(db, changes);
}

/** The erasure that a fact is, if it is one: a shadow row is found by its key and its stream. */
function erasureOf(projection: Projection, fact: RecordedFact): Erasure | undefined {
  const contract = projection.exchange.events.find(({ type }) => type === fact.type);
  const key = contract?.erases ? projection.keyOf(fact) : undefined;
  return key && { key, stream: fact.stream, version: fact.version };
}

interface Group {
  key: object;
  facts: RecordedFact[];
}

function groupByKey(projection: Projection, facts: readonly RecordedFact[]): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const fact of facts) {
    const key = projection.keyOf(fact);
    if (!key) continue;
    const text = keyText(projection, key);
    const group = groups.get(text);
    if (group) group.facts.push(fact);
    else groups.set(text, { key, facts: [fact] });
  }
  return groups;
}

const keyText = ({ key }: Projection, row: object): string =>
  JSON.stringify(key.map((column) => (row as Record<string, unknown>)[column]));

function evolve(projection: Projection, row: object | undefined, fact: RecordedFact): object | undefined {
  try {
    return projection.evolve(row, fact);
  } catch (error) {
    throw new ProjectionFailure(projection, fact, error);
  }
}

/**
 * The subscription that updates the live table of a projection from the broker: two statements for a batch of events.
 */
export function subscriptionFor(projection: Projection): Subscription {
  const { name, version, exchange, streams } = projection;
  const bindings = streams.map((stream) => `${stream}.#`);
  const declaration = declareSubscription('ordered', { name: subscriptionOf(name, version), from: exchange }, bindings);
  const types = new Set(exchange.events.map(({ type }) => type));
  const factOf = (event: Envelope): RecordedFact => ({ ...event, data: declaration.parse(event) });
  return {
    ...declaration,
    handlerOf: (type) =>
      types.has(type) ? (data, db, event) => foldIntoTable(db, projection, [{ ...event, data }]) : undefined,
    handleAll: (events, db) => foldIntoTable(db, projection, events.filter(({ type }) => types.has(type)).map(factOf)),
  };
}

/** The name under which the inbox keeps the versions of a projection. */
const subscriptionOf = (projection: string, version: number): string =>
  `${projection.replaceAll('-', '_')}_v${version}`;
