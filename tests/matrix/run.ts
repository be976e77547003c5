import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { reviewUpdate, type Review } from '../../contracts/saga/messages';
import type { Explanation } from '../../contracts/http/explanation';
import { defaultPolicy, type PlacedOrder } from '../../contracts/saga/order';
import { decisionUpdate, type Decision } from '../../lib/saga/messages';
import { startSaga } from '../../workers/bridge/start-saga';
import { latch, type Latch } from '../lib-support/latch';
import { eventually } from '../lib-support/eventually';
import { stepsOf } from '../lib-support/steps-in-history';
import { explainOrdersOf } from '../support/explain';
import { anOrder, carry, type SagaHandle, type SagaWorld, type Steps } from '../support/saga';
import type { Expected, Fault } from './faults';
import { matrixSteps, type MatrixStep } from './steps';

/** What became of a case, in the terms of what is expected. */
export interface CaseEnd extends Expected {
  order: Pick<PlacedOrder, 'items' | 'total'>;
  saga: SagaHandle;
  /** How many times its stream says that the order has ended. */
  ends: number;
  payment: string | undefined;
  /** Pieces that are still held. */
  held: number;
  /** What operators are told. */
  explained: Pick<Explanation, 'summary' | 'ledger' | 'unavailable'>;
}

const undos = matrixSteps.flatMap(({ undo }) => undo ?? []);
const isUndo = (step: string): boolean => undos.some((name) => name === step);

/**
 * Runs one case of the matrix to its end and beyond: what comes late comes before anything is looked at.
 * @param outage resolves when Temporal was away while the step was under way
 * @param directSteps whether steps are tried directly first
 */
export async function runCase(
  world: SagaWorld,
  step: MatrixStep,
  fault: Fault,
  { outage, directSteps }: { outage: () => Promise<void>; directSteps: boolean },
): Promise<CaseEnd> {
  const order = anOrder(step.order);
  const stage = setStage(world, step, fault);
  const saga = await inTurn(() => world.start(order, stage.instead, { attemptsBeforeAlarm: 4, directSteps }));
  if (fault.doubled) await startSaga(world.client, order, defaultPolicy);
  const acts = Array.from({ length: fault.doubled ? 2 : 1 }, () => bringAbout(world, step, order, saga, stage.came));
  if (fault.meanwhile) {
    await stage.begun.opened;
    if (fault.meanwhile === 'cut') await outage();
    else {
      await world.cancel(order).catch(refusedAfterShipping);
      // The step goes on when the saga has left it behind.
      if (step.phase === 'before the pivot') await stage.undoing.opened;
    }
    stage.goOn.open();
  }
  const { asks } = fault.expected(step);
  if (asks) {
    await stage.asked.opened;
    await retry(saga, step.name);
  }
  const { status } = await saga.result();
  stage.over.open();
  await Promise.all([...stage.late, ...acts]);
  return {
    saga,
    // On a busy machine a connection may not be there in time; to look again changes nothing.
    ...(await eventually(() => lookAt(world, order, saga), 60_000)),
    status: status === 'cancelled' ? status : 'delivered',
    ...(asks ? { asks } : {}),
  };
}

let lastStart: Promise<unknown> = Promise.resolve();

/** One case after the other: if all began at once, some would wait too long for a connection to their database. */
function inTurn<T>(start: () => Promise<T>): Promise<T> {
  const started = lastStart.then(start);
  lastStart = started.catch(() => undefined);
  return started;
}

/** What stands in for the steps of a case, the doors at which they wait or that they open, and their attempts. */
function setStage(world: SagaWorld, step: MatrixStep, fault: Fault) {
  const [begun, over, goOn] = [latch(), latch(), latch()];
  const [came, undoing, asked] = [latch(), latch(), latch()];
  const late: Promise<unknown>[] = [];
  let isAsked = false;
  void asked.opened.then(() => (isAsked = true));
  const stand = fault.instead(
    stepOf(world, step.name),
    { begun: begun.open, over: over.opened, goOn: goOn.opened, isAsked: () => isAsked },
    step,
  );
  const watched = (...args: unknown[]) => {
    came.open();
    const attempt = stand(...args);
    late.push(attempt.catch(() => undefined));
    return attempt;
  };
  const { confirmOrder } = world.steps;
  const confirm: typeof confirmOrder = (placed) => confirmOrder(placed).then(came.open);
  const instead = {
    ...Object.fromEntries(undos.map((name) => [name, telling(world, name, undoing.open)])),
    reportStuck: telling(world, 'reportStuck', asked.open),
    ...(step.phase === 'on the way back' ? { confirmOrder: confirm } : {}),
    [step.name]: watched,
  } as Partial<Steps>;
  return { instead, begun, over, goOn, came, undoing, asked, late };
}

/** What people and the carrier do for an order to come to the step, and from there to its end. */
async function bringAbout(
  world: SagaWorld,
  { name, phase }: MatrixStep,
  order: PlacedOrder,
  saga: SagaHandle,
  came: Latch,
): Promise<void> {
  if (phase !== 'on the way back') await carry(saga);
  else await came.opened.then(() => world.cancel(order));
  if (name === 'requestReview') await came.opened.then(() => approve(saga).catch(refusedAtTheEnd));
}

const approve = (saga: SagaHandle) =>
  saga.executeUpdate<unknown, [Review]>(reviewUpdate, { args: [{ decision: 'approve' }] });

/** An order that is being cancelled no longer needs a review. */
function refusedAtTheEnd(error: unknown): void {
  if (!(error instanceof WorkflowUpdateFailedError || error instanceof WorkflowNotFoundError)) throw error;
}

const stepOf = ({ steps }: SagaWorld, name: keyof Steps) => steps[name] as (...args: unknown[]) => Promise<unknown>;

/** A step that says that it has begun. Asking Temporal again and again instead would be most of the work. */
const telling =
  (world: SagaWorld, name: keyof Steps, tell: () => void) =>
  (...args: unknown[]): Promise<unknown> => {
    tell();
    return stepOf(world, name)(...args);
  };

function refusedAfterShipping(error: unknown): void {
  if ((error as { code?: string }).code !== 'order-not-cancellable') throw error;
}

/** What the operator does: has it tried again. It is refused unless the saga waits at that step. */
const retry = (saga: SagaHandle, step: string) =>
  saga.executeUpdate<unknown, [Decision]>(decisionUpdate, { args: [{ step, action: 'retry' }] });

async function lookAt({ services, client }: SagaWorld, order: PlacedOrder, saga: SagaHandle) {
  const events = await services.orders.events(order.orderId, { cursor: 0, limit: 50 });
  const ends = events.filter(({ today }) => ['order.cancelled', 'order.delivered'].includes(today.type)).length;
  const { order: asItIs } = await services.orders.get(order.orderId);
  const [payment] = await services.payments.paymentsOf(order.orderId);
  const { rows } = await services.databases.inventory.pool.query<{ held: number }>(
    'select coalesce(sum(quantity), 0)::int as held from reservations where order_id = $1',
    [order.orderId],
  );
  const steps = await stepsOf(saga);
  const { summary, ledger, unavailable } = await explainOrdersOf(services, client)(order.orderId);
  return {
    explained: { summary, ledger, unavailable },
    order: asItIs,
    ends,
    payment: payment?.status,
    held: rows[0]?.held ?? 0,
    undos: [...new Set(steps.filter(isUndo))],
  };
}
