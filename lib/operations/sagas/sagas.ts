import { WorkflowNotFoundError, type Client, type WorkflowExecutionInfo } from '@temporalio/client';
import type { Kysely } from 'kysely';
import { sharedCall } from '../../async/shared-call';
import { platformError } from '../../errors/errors';
import { decisionUpdate, stateQuery, type Decision, type SagaState } from '../../saga/messages';
import { mapUnavailable, restartWorkflow, updateWorkflow } from '../../temporal/calls';
import { exclusively } from '../exclusively';
import { audited } from '../audit';
import type { SagaDecision } from './contract';
import { waitingQuery, type SagaSubject } from './subject';

export interface SagaOperationsOptions {
  client: Client;
  subject: SagaSubject;
  /** The database of the audit log. */
  db: Kysely<unknown>;
  ids: () => string;
  /** Starts a new saga for what is left to do. Throws `conflict` when nothing is left, `not-found`. */
  resume: (id: string) => Promise<void>;
}

export type SagaOperations = ReturnType<typeof createSagaOperations>;

/** A saga as operators see it. */
export interface SagaSummary {
  workflowId: string;
  /** The id of the subject. */
  id: string;
  /** The status of the workflow: RUNNING, COMPLETED, … */
  execution: string;
  /** The status of the subject, as the saga last reported it. */
  status: string | undefined;
  stuckStep: string | undefined;
  startedAt: Date;
}

/** Sagas listed at once. */
const maxSagas = 1_000;

/**
 * How long to wait for Temporal's server, and for a worker that answers a query: together less than a request may take
 * (`defaultDeadlineMs`), so that the response names the reason.
 */
const timeoutMs = { server: 4_000, worker: 10_000 };

async function selectWaiting(client: Client, subject: SagaSubject): Promise<WorkflowExecutionInfo[]> {
  const found: WorkflowExecutionInfo[] = [];
  for await (const one of client.workflow.list({ query: waitingQuery(subject) })) {
    if (found.push(one) === maxSagas) break;
  }
  return found;
}

/** Showing sagas that wait for an operator or were terminated too early, and getting them to continue. */
export function createSagaOperations({ client, subject, db, ids, resume }: SagaOperationsOptions) {
  const toSummary = toSagaSummary(subject);

  // Temporal refuses a second query of a workflow while the first one waits for its worker.
  const stateOf = sharedCall((workflowId) =>
    mapUnavailable(() =>
      client.withDeadline(Date.now() + timeoutMs.worker, () =>
        client.workflow.getHandle(workflowId).query<SagaState>(stateQuery),
      ),
    ),
  );

  const inTime = <T>(call: () => Promise<T>): Promise<T> => client.withDeadline(Date.now() + timeoutMs.server, call);

  async function describe(workflowId: string): Promise<SagaSummary | undefined> {
    try {
      return toSummary(await inTime(() => client.workflow.getHandle(workflowId).describe()));
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return undefined;
      throw error;
    }
  }

  /** The latest saga of a subject: the one that follows its main saga, if there is one. */
  async function lookUp(id: string): Promise<SagaSummary | undefined> {
    for (const workflowId of subject.workflowsOf(id)) {
      const found = await mapUnavailable(() => describe(workflowId));
      if (found) return found;
    }
    return undefined;
  }

  /** @throws `not-found` */
  async function find(id: string): Promise<SagaSummary> {
    const found = await lookUp(id);
    if (found) return found;
    throw platformError(
      'not-found',
      `Temporal has no saga of ${subject.name} ${id}; restart it if its work is not finished`,
    );
  }

  return {
    /** Sagas that wait for an operator. */
    waiting: (): Promise<SagaSummary[]> =>
      mapUnavailable(() => inTime(async () => (await selectWaiting(client, subject)).map(toSummary))),

    /** A saga with the state that it reports. @throws `not-found`; `unavailable` when no worker answers. */
    async show(id: string): Promise<SagaSummary & { state: SagaState }> {
      const found = await find(id);
      return { ...found, state: await stateOf(found.workflowId) };
    },

    /** Decides about the step at which a saga waits. @throws `saga-not-waiting`, `not-found`, `unavailable` */
    async decide(id: string, { step, ...made }: SagaDecision): Promise<void> {
      const { workflowId, stuckStep } = await find(id);
      const about = step ?? stuckStep;
      if (about === undefined) throw platformError('saga-not-waiting', `${workflowId} is not waiting for an operator`);
      const argument: Decision = { step: about, ...made };
      const update = { workflowId, name: decisionUpdate, argument, updateId: ids() };
      await audited(db, `saga ${made.action}`, workflowId, argument, () =>
        updateWorkflow(client, update, (why) => platformError('saga-not-waiting', why)),
      );
    },

    /**
     * Restarts a saga that was terminated before its work was finished, or is gone from Temporal.
     * @throws `conflict`, `not-found`, `saga-gone`, `unavailable`
     */
    async restart(id: string, reason: string): Promise<void> {
      // Of two resets of one run, the second would terminate what the first started.
      await exclusively(db, `saga-${id}`, async () => {
        const found = await lookUp(id);
        const main = subject.workflowsOf(id).at(-1) ?? id;
        const workflowId = found?.workflowId ?? main;
        // A completed saga may have been followed by another, whose workflow is gone.
        const isGone = !found || (workflowId === main && found.execution === 'COMPLETED');
        await audited(db, 'saga restart', workflowId, { reason }, () =>
          isGone ? resume(id) : restartWorkflow(client, workflowId, { reason, requestId: ids() }),
        );
      });
    },
  };
}

type Described = Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['describe']>>;
type Listed = Pick<Described, 'workflowId' | 'status' | 'startTime' | 'typedSearchAttributes'>;

const toSagaSummary =
  ({ idOf, attributes }: SagaSubject) =>
  ({ workflowId, status, startTime, typedSearchAttributes }: Listed): SagaSummary => ({
    workflowId,
    id: idOf(workflowId),
    execution: status.name,
    status: typedSearchAttributes.get(attributes.status),
    stuckStep: typedSearchAttributes.get(attributes.stuck),
    startedAt: startTime,
  });
