import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { Kysely } from 'kysely';
import { sharedCall } from '../../async/shared-call';
import { fail } from '../../errors/errors';
import { decisionUpdate, stateQuery, type Decision, type SagaState } from '../../saga/messages';
import { mapUnavailable, restartWorkflow, updateWorkflow } from '../../temporal/calls';
import { alone } from '../alone';
import { audited } from '../audit';
import type { SagaDecision } from './contract';
import { waitingQuery, type SagaSubject } from './subject';

export interface SagaDeskOptions {
  client: Client;
  subject: SagaSubject;
  /** Where what operators decide is written down. */
  db: Kysely<unknown>;
  ids: () => string;
  /** Begins anew what is left to do for a subject. Throws `conflict` when nothing is left, `not-found`. */
  resume: (id: string) => Promise<void>;
}

export type SagaDesk = ReturnType<typeof createSagaDesk>;

/** A saga as operators see it. */
export interface ShownSaga {
  workflowId: string;
  /** Of the subject. */
  id: string;
  /** Of the workflow: RUNNING, COMPLETED, … */
  execution: string;
  /** Of the subject, as the saga last said. */
  status: string | undefined;
  stuckStep: string | undefined;
  startedAt: Date;
}

/** More sagas than that are not shown at once. */
const mostShown = 1_000;

/** Looking at sagas that wait for an operator, or were ended too early, and letting them go on. */
export function createSagaDesk({ client, subject, db, ids, resume }: SagaDeskOptions) {
  const shown = shownAs(subject);

  // Temporal refuses a second query of a workflow while one waits for its worker.
  const stateOf = sharedCall((workflowId) =>
    mapUnavailable(() =>
      client.withDeadline(Date.now() + 10_000, () =>
        client.workflow.getHandle(workflowId).query<SagaState>(stateQuery),
      ),
    ),
  );

  async function describe(workflowId: string): Promise<ShownSaga | undefined> {
    try {
      return shown(await client.workflow.getHandle(workflowId).describe());
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return undefined;
      throw error;
    }
  }

  /** The saga of a subject: the one that follows its main one, once there is one. */
  async function lookUp(id: string): Promise<ShownSaga | undefined> {
    for (const workflowId of subject.workflowsOf(id)) {
      const found = await mapUnavailable(() => describe(workflowId));
      if (found) return found;
    }
    return undefined;
  }

  /** @throws `not-found` */
  async function find(id: string): Promise<ShownSaga> {
    const found = await lookUp(id);
    if (found) return found;
    throw fail('not-found', `Temporal has no saga of ${subject.name} ${id}; if its work is not done, restart it`);
  }

  return {
    /** Those that wait for an operator. */
    waiting: (): Promise<ShownSaga[]> =>
      mapUnavailable(async () => {
        const found: ShownSaga[] = [];
        for await (const one of client.workflow.list({ query: waitingQuery(subject) })) {
          if (found.push(shown(one)) === mostShown) break;
        }
        return found;
      }),

    /** What a saga says of itself. @throws `not-found`; `unavailable` when no worker answers. */
    async show(id: string): Promise<ShownSaga & { state: SagaState }> {
      const found = await find(id);
      return { ...found, state: await stateOf(found.workflowId) };
    },

    /** Has a saga that waits go on. @throws `saga-not-waiting`, `not-found`, `unavailable` */
    async decide(id: string, { step, ...made }: SagaDecision): Promise<void> {
      const { workflowId, stuckStep } = await find(id);
      const about = step ?? stuckStep;
      if (about === undefined) throw fail('saga-not-waiting', `${workflowId} does not wait for an operator`);
      const argument: Decision = { step: about, ...made };
      const update = { workflowId, name: decisionUpdate, argument, updateId: ids() };
      await audited(db, `saga ${made.action}`, workflowId, argument, () =>
        updateWorkflow(client, update, (why) => fail('saga-not-waiting', why)),
      );
    },

    /**
     * Has a saga go on that was ended before its work was done, or is gone from Temporal.
     * @throws `conflict`, `not-found`, `saga-gone`, `unavailable`
     */
    async restart(id: string, reason: string): Promise<void> {
      // Of two resets of a run the second would end what the first has begun.
      await alone(db, `saga-${id}`, async () => {
        const found = await lookUp(id);
        const main = subject.workflowsOf(id).at(-1) ?? id;
        const workflowId = found?.workflowId ?? main;
        // A saga that has ended may be followed by another, whose workflow is gone.
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

const shownAs =
  ({ idOf, attributes }: SagaSubject) =>
  ({ workflowId, status, startTime, typedSearchAttributes }: Listed): ShownSaga => ({
    workflowId,
    id: idOf(workflowId),
    execution: status.name,
    status: typedSearchAttributes.get(attributes.status),
    stuckStep: typedSearchAttributes.get(attributes.stuck),
    startedAt: startTime,
  });
