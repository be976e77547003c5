import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { Kysely } from 'kysely';
import type { SagaDecision } from '../../../contracts/http/ops';
import { decisionUpdate, stateQuery, type Decision, type SagaState } from '../../saga/messages';
import { orderWorkflowId, returnWorkflowId, searchAttributes } from '../../../contracts/saga/order';
import { fail } from '../../errors/errors';
import { whenReachable } from '../../temporal/outage';
import { restartWorkflow } from '../../temporal/restart';
import { updateWorkflow } from '../../temporal/update';
import { alone } from '../alone';
import { audited } from '../audit';

export interface SagaDeskOptions {
  client: Client;
  /** Where what operators decide is written down. */
  db: Kysely<unknown>;
  ids: () => string;
  /** Begins the saga of an order anew, or its return. Throws `conflict` when nothing is left to do, `not-found`. */
  resume: (orderId: string) => Promise<void>;
}

export type SagaDesk = ReturnType<typeof createSagaDesk>;

/** A saga as operators see it. */
export interface ShownSaga {
  workflowId: string;
  orderId: string;
  /** Of the workflow: RUNNING, COMPLETED, … */
  execution: string;
  /** Of the order, as the saga last said. */
  status: string | undefined;
  stuckStep: string | undefined;
  startedAt: Date;
}

/** More sagas than that are not shown at once. */
const mostShown = 1_000;
export const waitingQuery = `${searchAttributes.stuck.name} is not null and ExecutionStatus = 'Running'`;

/** Looking at sagas that wait for an operator, or were ended before their orders, and letting them go on. */
export function createSagaDesk({ client, db, ids, resume }: SagaDeskOptions) {
  const candidates = (orderId: string): string[] => [returnWorkflowId(orderId), orderWorkflowId(orderId)];

  async function describe(workflowId: string): Promise<ShownSaga | undefined> {
    try {
      return shown(await client.workflow.getHandle(workflowId).describe());
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return undefined;
      throw error;
    }
  }

  /** The saga of an order: its return, once there is one. */
  async function lookUp(orderId: string): Promise<ShownSaga | undefined> {
    for (const workflowId of candidates(orderId)) {
      const found = await whenReachable(() => describe(workflowId));
      if (found) return found;
    }
    return undefined;
  }

  /** @throws `not-found` */
  async function find(orderId: string): Promise<ShownSaga> {
    const found = await lookUp(orderId);
    if (found) return found;
    throw fail('not-found', `Temporal has no saga of order ${orderId}; if the order is open, restart it`);
  }

  return {
    /** Those that wait for an operator. */
    waiting: (): Promise<ShownSaga[]> =>
      whenReachable(async () => {
        const found: ShownSaga[] = [];
        for await (const one of client.workflow.list({ query: waitingQuery })) {
          if (found.push(shown(one)) === mostShown) break;
        }
        return found;
      }),

    /** What a saga says of itself. @throws `not-found`; `unavailable` when no worker answers. */
    async show(orderId: string): Promise<ShownSaga & { state: SagaState }> {
      const found = await find(orderId);
      const handle = client.workflow.getHandle(found.workflowId);
      const state = await whenReachable(() =>
        client.withDeadline(Date.now() + 10_000, () => handle.query<SagaState>(stateQuery)),
      );
      return { ...found, state };
    },

    /** Has a saga that waits go on. @throws `saga-not-waiting`, `not-found`, `unavailable` */
    async decide(orderId: string, { step, ...made }: SagaDecision): Promise<void> {
      const { workflowId, stuckStep } = await find(orderId);
      const about = step ?? stuckStep;
      if (about === undefined) throw fail('saga-not-waiting', `${workflowId} waits for nobody`);
      const argument: Decision = { step: about, ...made };
      const update = { workflowId, name: decisionUpdate, argument, updateId: ids() };
      await audited(db, `saga ${made.action}`, workflowId, argument, () =>
        updateWorkflow(client, update, (why) => fail('saga-not-waiting', why)),
      );
    },

    /**
     * Has a saga go on that was ended before its order, or is gone from Temporal.
     * @throws `conflict`, `not-found`, `saga-gone`, `unavailable`
     */
    async restart(orderId: string, reason: string): Promise<void> {
      // Of two resets of a run the second would end what the first has begun.
      await alone(db, `saga-${orderId}`, async () => {
        const found = await lookUp(orderId);
        const workflowId = found?.workflowId ?? orderWorkflowId(orderId);
        // An order that has ended may still have a return, whose workflow is gone.
        const isGone = !found || (workflowId === orderWorkflowId(orderId) && found.execution === 'COMPLETED');
        await audited(db, 'saga restart', workflowId, { reason }, () =>
          isGone ? resume(orderId) : restartWorkflow(client, workflowId, { reason, requestId: ids() }),
        );
      });
    },
  };
}

type Described = Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['describe']>>;
type Listed = Pick<Described, 'workflowId' | 'status' | 'startTime' | 'typedSearchAttributes'>;

const shown = ({ workflowId, status, startTime, typedSearchAttributes }: Listed): ShownSaga => ({
  workflowId,
  orderId: workflowId.slice(workflowId.indexOf('/') + 1),
  execution: status.name,
  status: typedSearchAttributes.get(searchAttributes.status),
  stuckStep: typedSearchAttributes.get(searchAttributes.stuck),
  startedAt: startTime,
});
