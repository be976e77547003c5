import { expect } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import { orderSteps, type OrderOutcome } from '../../contracts/saga/activities';
import { searchAttributes, type PlacedOrder, type Progress, type SagaPolicy } from '../../contracts/saga/order';
import { stateQuery, type SagaState } from '../../lib/saga/messages';
import type { DeclaredStep } from '../../lib/saga/steps';
import type { ErrorCode } from '../../lib/errors/table';
import { totals } from '../../services/payments/gateway/store';
import { eventually } from '../lib-support/eventually';
import { stepsOf } from '../lib-support/steps-in-history';
import { carry, type SagaHandle, type SagaWorld, type Steps } from './saga';
import { shelf } from './saga-services';

/** Steps that most orders do not take. */
const sometimes = ['reduceOrder', 'requestReview'];
const undos = Object.values<DeclaredStep<string>>(orderSteps).flatMap(({ undo }) => undo ?? []);

/** The steps of an order that goes well, up to `confirmed`, and from the carrier on; the undos of the former. */
export const allSteps = [...Object.keys(orderSteps).filter((step) => !sometimes.includes(step)), 'confirmOrder'];
export const carrySteps = ['shipOrder', 'shipStock', 'deliverOrder'];
export const undone = ['cancelShipment', ...undos.reverse().filter((undo) => undo !== 'cancelShipment'), 'cancelOrder'];
/** The steps of an order that goes well until this one, and this one as well. */
export const stepsTo = (step: string): string[] => allSteps.slice(0, allSteps.indexOf(step) + 1);

/** How a saga ended, and the activities that it took, in their order. */
export const endOf = async (saga: SagaHandle): Promise<{ outcome: OrderOutcome; steps: string[] }> => ({
  outcome: await saga.result(),
  steps: await stepsOf(saga),
});

/** The status that the list of workflows shows. */
export const statusIn = async (saga: SagaHandle): Promise<string | undefined> =>
  (await saga.describe()).typedSearchAttributes.get(searchAttributes.status);

/** Waits until the saga waits for an operator, at this step if one is given. */
export const stuckIn = (saga: SagaHandle, step?: string): Promise<SagaState> =>
  eventually(async () => {
    const state = await saga.query<SagaState>(stateQuery);
    expect(state.stuck?.step).toEqual(step ?? expect.any(String));
    return state;
  });

/** Fails a number of times without a delay, then does what it should. @param type `unavailable`: an outage. */
export function failing<Args extends unknown[], Result>(
  times: number,
  step: (...args: Args) => Promise<Result>,
  type: ErrorCode = 'internal',
) {
  let failures = 0;
  return (...args: Args): Promise<Result> => {
    failures += 1;
    if (failures > times) return step(...args);
    throw ApplicationFailure.create({ message: 'A fault', type, nextRetryDelay: '1 ms' });
  };
}

/** What an order got that took less than it wanted. */
type Part = Pick<PlacedOrder, 'items' | 'total'>;

/** The orders of a test file: how they are run, what is left of each, and whether all of them together add up. */
export function createSagaOrders(world: () => SagaWorld) {
  const placed = new Map<PlacedOrder, Part>();

  const money = () => totals(world().services.databases.gateway.kysely);

  async function leftOf({ orderId }: PlacedOrder) {
    const { orders, payments, shipping } = world().services;
    const [{ order }, [payment], [shipment]] = [
      await orders.get(orderId),
      await payments.paymentsOf(orderId),
      await shipping.shipmentsOf(orderId),
    ];
    return { order: order.status, payment: payment?.status, shipment: shipment?.status };
  }

  function start(order: PlacedOrder, ...more: [Partial<Steps>?, Partial<SagaPolicy>?, Progress?]): Promise<SagaHandle> {
    placed.set(order, order);
    return world().start(order, ...more);
  }

  return {
    start,
    /** The status of what is left of an order in the services. */
    leftOf,
    /** Runs an order to its end; the carrier has done its part before it is waited for. */
    run: async (order: PlacedOrder, instead?: Partial<Steps>) => {
      const saga = await start(order, instead);
      await carry(saga);
      return endOf(saga);
    },
    /** Waits for a status of an order; from `confirmed` on its saga waits for the carrier. */
    reached: (status: 'confirmed' | 'in_review', { orderId }: PlacedOrder) =>
      eventually(async () => expect((await world().services.orders.get(orderId)).order.status).toBe(status)),
    /** Says that an order got less than it wanted. */
    got: (order: PlacedOrder, part: Part): void => void placed.set(order, part),
    /** What the gateway has charged and holds. */
    money,
    /** Stock went to what was delivered and nothing else, and so did money. */
    expectToAddUp: async (): Promise<void> => {
      const delivered: Part[] = [];
      for (const [order, part] of placed) if ((await leftOf(order)).order === 'delivered') delivered.push(part);
      for (const { sku, stock } of shelf) {
        const lines = delivered.flatMap(({ items }) => items.filter((item) => item.sku === sku));
        const shipped = sum(lines.map(({ quantity }) => quantity));
        const { available, reserved, shipped: sent } = await world().services.inventory.get(sku);
        expect({ sku, available, reserved, sent }).toEqual({
          sku,
          available: stock - shipped,
          reserved: 0,
          sent: shipped,
        });
      }
      expect(await money()).toEqual({
        charged: sum(delivered.map(({ total }) => total.amount)),
        held: 0,
      });
    },
  };
}

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);
