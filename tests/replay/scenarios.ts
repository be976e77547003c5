import { setTimeout as sleep } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/common';
import { reviewUpdate, signals, type Review } from '../../contracts/saga/messages';
import type { PlacedOrder, Progress, SagaPolicy } from '../../contracts/saga/order';
import { decisionUpdate, stateQuery, type Decision, type SagaState } from '../../lib/saga/messages';
import { faults } from '../matrix/faults';
import { matrixSteps } from '../matrix/steps';
import { shipmentIdOf } from '../../services/shipping/domain';
import { eventually } from '../lib-support/eventually';
import {
  anOrder,
  carry,
  large,
  notServiceable,
  partlyMissing,
  type SagaHandle,
  type SagaWorld,
  type Steps,
} from '../support/saga';

/** A way an order can go. */
export interface Scenario {
  order?: Partial<PlacedOrder>;
  policy?: Partial<SagaPolicy>;
  /** What had happened to it, when its saga begins anew. */
  before?: Progress;
  /** What stands in for its steps. */
  instead?: (steps: Steps) => Partial<Steps>;
  /** It is its return that is recorded. */
  returns?: boolean;
  /** What people and the carrier do while it goes. */
  during?: (saga: SagaHandle, world: SagaWorld, order: PlacedOrder) => Promise<void>;
}

/** Fails a number of times without a delay, then does what it should. */
function failing<Args extends unknown[], Result>(times: number, step: (...args: Args) => Promise<Result>) {
  let failures = 0;
  return (...args: Args): Promise<Result> => {
    failures += 1;
    if (failures > times) return step(...args);
    throw ApplicationFailure.create({ message: 'A fault', type: 'unavailable', nextRetryDelay: '1 ms' });
  };
}

/** What the operator says once the saga waits at a step. */
async function decided(saga: SagaHandle, decision: Decision): Promise<void> {
  await eventually(async () => {
    const { stuck } = await saga.query<SagaState>(stateQuery);
    if (stuck?.step !== decision.step) throw new Error(`No operator is asked about ${decision.step} yet`);
  });
  await saga.executeUpdate<unknown, [Decision]>(decisionUpdate, { args: [decision] });
}

const soonAsks = { attemptsBeforeAlarm: 2 };
const becomes = ({ services }: SagaWorld, { orderId }: PlacedOrder, status: string) =>
  eventually(async () => {
    const { order } = await services.orders.get(orderId);
    if (order.status !== status) throw new Error(`Order ${orderId} is ${order.status}, not ${status}`);
  });
const reviewed =
  (decision: Review['decision']): NonNullable<Scenario['during']> =>
  async (saga, world, order) => {
    await becomes(world, order, 'in_review');
    await saga.executeUpdate<unknown, [Review]>(reviewUpdate, { args: [{ decision }] });
    if (decision === 'approve') await carry(saga);
  };

/** As sagas were when they ended as confirmed. Their histories were made by that code, and can't be made again. */
export const firstScenarios = [
  'confirmed',
  'confirmed-after-faults',
  'out-of-stock',
  'unknown-product',
  'payment-declined',
  'address-not-serviceable',
  'capture-refused',
];

/** When a decision that came in the middle of an attempt stayed, and was taken for the next step that was stuck. */
export const operatorScenarios = ['decision-kept-for-later'];

/** Since sagas wait for reviews and parcels. */
export const scenarios: Readonly<Record<string, Scenario>> = {
  delivered: { during: carry },
  'review-approved': { order: large, during: reviewed('approve') },
  'review-rejected': { order: large, during: reviewed('reject') },
  'review-timed-out': { order: large, policy: { reviewTimeoutMs: 200 } },
  'rest-delivered': { order: partlyMissing, during: carry },
  'cancelled-when-confirmed': {
    during: async (_, world, order) => {
      await becomes(world, order, 'confirmed');
      await world.cancel(order);
    },
  },
  // As above, since the parcel is called back before anything else is undone.
  'parcel-called-back': {
    during: async (_, world, order) => {
      await becomes(world, order, 'confirmed');
      await world.cancel(order);
    },
  },
  'parcel-kept': {
    during: async (saga, world, order) => {
      await becomes(world, order, 'confirmed');
      await world.services.orders.change(order.orderId, { type: 'request-cancellation' });
      for (const report of ['dispatched', 'delivered'] as const)
        await world.services.shipping.report(shipmentIdOf(order.orderId), report);
      await saga.signal(signals.cancel);
      await carry(saga);
    },
  },
  'begun-anew': {
    order: large,
    before: { cancelling: false, review: { decision: 'approve' }, dispatched: true, delivered: true },
  },
  'begun-anew-to-cancel': { before: { cancelling: true, dispatched: false, delivered: false } },
  'reviewed-and-shipped': { order: large, during: reviewed('approve') },
  returned: { during: carry, returns: true },
  'parcel-missed': {
    policy: { deliveryTimeoutMs: 200 },
    during: async (saga) => {
      await saga.signal(signals.dispatched);
      await decided(saga, { step: 'delivery', action: 'resolve', reason: 'the customer has it' });
    },
  },
  'undo-tried-again': {
    order: notServiceable,
    policy: soonAsks,
    instead: ({ voidPayment }) => ({ voidPayment: failing(2, voidPayment) }),
    during: (saga) => decided(saga, { step: 'voidPayment', action: 'retry' }),
  },
  'undo-skipped': {
    order: notServiceable,
    policy: soonAsks,
    instead: ({ voidPayment }) => ({ voidPayment: failing(Infinity, voidPayment) }),
    during: (saga) => decided(saga, { step: 'voidPayment', action: 'skip', reason: 'voided by hand' }),
  },
  'step-resolved': {
    policy: soonAsks,
    instead: ({ shipStock }) => ({ shipStock: failing(Infinity, shipStock) }),
    during: async (saga) => {
      await carry(saga);
      await decided(saga, { step: 'shipStock', action: 'resolve', reason: 'written down by hand' });
    },
  },
  'skipped-while-tried-again': {
    order: notServiceable,
    policy: soonAsks,
    instead: ({ voidPayment }) => {
      const step = failing(2, voidPayment);
      return { voidPayment: (order) => step(order).then(() => sleep(3_000)) };
    },
    during: async (saga) => {
      await decided(saga, { step: 'voidPayment', action: 'retry' });
      await decided(saga, { step: 'voidPayment', action: 'skip', reason: 'voided by hand' });
    },
  },
};

/** Under which name the history of a case of the fault matrix is kept. */
export const matrixName = (fault: string, step: string): string => `matrix/${fault.replace(/\W+/g, '-')}/${step}`;

export const isOfMatrix = (name: string): boolean => name.startsWith('matrix/');

/** Every history there must be. */
export const historyNames = (): string[] => [
  ...firstScenarios,
  ...operatorScenarios,
  ...Object.keys(scenarios),
  ...faults.flatMap((fault) => matrixSteps.map((step) => matrixName(fault.name, step.name))),
];

/** An order for a scenario. */
export const orderFor = ({ order = {} }: Scenario): PlacedOrder => anOrder(order);
