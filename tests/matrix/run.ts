import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import {
  decisionUpdate,
  reviewUpdate,
  stateQuery,
  type Decision,
  type Review,
  type SagaState,
} from '../../contracts/saga/messages';
import { defaultPolicy, type PlacedOrder } from '../../contracts/saga/order';
import { startSaga } from '../../workers/bridge/start-saga';
import { door } from '../support/door';
import { eventually } from '../support/eventually';
import { anOrder, carry, stepsOf, type SagaHandle, type SagaWorld, type Steps } from '../support/saga';
import type { Expected, Fault } from './faults';
import type { MatrixStep } from './steps';

/** What became of a case, in the terms of what is expected. */
export interface CaseEnd extends Expected {
  order: Pick<PlacedOrder, 'items' | 'total'>;
  saga: SagaHandle;
  /** How many times its stream says that the order has ended. */
  ends: number;
  payment: string | undefined;
  /** Pieces that are still held. */
  held: number;
}

const undoNames = ['refundPayment', 'cancelShipment', 'voidPayment', 'releaseStock'];

/**
 * Runs one case of the matrix to its end and beyond: what comes late comes before anything is looked at.
 * @param outage resolves when Temporal was away while the step was under way.
 */
export async function runCase(
  world: SagaWorld,
  step: MatrixStep,
  fault: Fault,
  outage: () => Promise<void>,
): Promise<CaseEnd> {
  const order = anOrder(step.order);
  const backwards = step.phase === 'on the way back';
  const [begun, over, goOn] = [door(), door(), door()];
  const late: Promise<unknown>[] = [];
  const real = world.steps[step.name] as (...args: unknown[]) => Promise<unknown>;
  const hands = { begun: begun.open, over: over.opened, goOn: goOn.opened };
  const stand = fault.instead(real, hands, step);
  const came = door();
  const watched = (...args: unknown[]) => {
    came.open();
    const attempt = stand(...args);
    late.push(attempt.catch(() => undefined));
    return attempt;
  };

  const { confirmOrder } = world.steps;
  const confirm: typeof confirmOrder = (placed) => confirmOrder(placed).then(came.open);
  const instead = { ...(backwards ? { confirmOrder: confirm } : {}), [step.name]: watched } as Partial<Steps>;
  const saga = await world.start(order, instead, { attemptsBeforeAlarm: 4 });
  if (fault.doubled) await startSaga(world.client, order, defaultPolicy);
  /** What people and the carrier do for the order to come to the step, and from there to its end. */
  const act = async (): Promise<unknown> => {
    if (!backwards) await carry(saga);
    if (!backwards && step.name !== 'requestReview') return;
    await came.opened;
    return backwards ? world.cancel(order) : approve(saga).catch(refusedAtTheEnd);
  };
  const acts = fault.doubled ? [act(), act()] : [act()];
  if (fault.meanwhile) {
    await begun.opened;
    if (fault.meanwhile === 'cut') await outage();
    else {
      await world.cancel(order).catch(refusedAfterShipping);
      // The step goes on when the saga has left it behind.
      if (step.phase === 'before the pivot') await eventually(() => hasBegunToUndo(saga));
    }
    goOn.open();
  }
  const asks = fault.expected(step).asks ? await retryWhenStuck(saga, step.name) : false;
  const { status } = await saga.result();
  over.open();
  await Promise.all([...late, ...acts]);
  return {
    saga,
    ...(await lookAt(world, order, saga)),
    status: status === 'cancelled' ? status : 'delivered',
    ...(asks ? { asks } : {}),
  };
}

const approve = (saga: SagaHandle) =>
  saga.executeUpdate<unknown, [Review]>(reviewUpdate, { args: [{ decision: 'approve' }] });

/** An order that is to be cancelled needs no review any more. */
function refusedAtTheEnd(error: unknown): void {
  if (!(error instanceof WorkflowUpdateFailedError || error instanceof WorkflowNotFoundError)) throw error;
}

async function hasBegunToUndo(saga: SagaHandle): Promise<void> {
  if (!(await stepsOf(saga)).some((name) => undoNames.includes(name))) throw new Error('Nothing is undone yet');
}

function refusedAfterShipping(error: unknown): void {
  if ((error as { code?: string }).code !== 'order-not-cancellable') throw error;
}

/** What the operator does: looks, and has it tried again. */
async function retryWhenStuck(saga: SagaHandle, step: string): Promise<true> {
  await eventually(async () => {
    const { stuck } = await saga.query<SagaState>(stateQuery);
    if (stuck?.step !== step) throw new Error(`${saga.workflowId} does not wait at ${step}`);
  }, 60_000);
  await saga.executeUpdate<unknown, [Decision]>(decisionUpdate, { args: [{ step, action: 'retry' }] });
  return true;
}

async function lookAt({ services }: SagaWorld, order: PlacedOrder, saga: SagaHandle) {
  const events = await services.orders.events(order.orderId, { cursor: 0, limit: 50 });
  const ends = events.filter(({ today }) => ['order.cancelled', 'order.delivered'].includes(today.type)).length;
  const { order: asItIs } = await services.orders.get(order.orderId);
  const [payment] = await services.payments.paymentsOf(order.orderId);
  const { rows } = await services.databases.inventory.pool.query<{ held: number }>(
    'select coalesce(sum(quantity), 0)::int as held from reservations where order_id = $1',
    [order.orderId],
  );
  const steps = await stepsOf(saga);
  return {
    order: { ...order, ...asItIs },
    ends,
    payment: payment?.status,
    held: rows[0]?.held ?? 0,
    undos: [...new Set(steps.filter((name) => undoNames.includes(name)))],
  };
}
