import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import type { PlacedOrder } from '../../contracts/saga/order';
import { shipmentIdOf } from '../../services/shipping/domain';
import type { PaymentGateway } from '../../services/payments/gateway/gateway';
import type { Carrier } from '../../services/shipping/carrier/carrier';

const insert = {
  name: 'append',
  text: `insert into events (event_id, stream, version, type, data_version, data, metadata)
    values ($1, $2, $3, 'step.done', 1, $4, '{}')`,
};

/** What was asked of a saga, and where it keeps its events. */
export interface Step {
  order: Omit<PlacedOrder, 'orderId'>;
  stream: string;
  version: number;
}

/**
 * The least code that does an order's steps: it asks the third party whom the real step asks, and appends one event in
 * one statement. `append` does that alone. Nothing is kept that a repetition, a refusal or an undo would need.
 */
export function createBareSteps(outside: { pool: Pool; gateway: PaymentGateway; carrier: Carrier }) {
  const { pool, gateway, carrier } = outside;
  const append = async ({ order, stream, version }: Step): Promise<void> => {
    await pool.query({ ...insert, values: [randomUUID(), stream, version, JSON.stringify(order)] });
  };
  return {
    append,
    authorize: async (step: Step): Promise<void> => {
      const { total: amount, paymentToken: token = '' } = step.order;
      await gateway.authorize(`${step.stream}/authorize`, { amount, token });
      await append(step);
    },
    book: async (step: Step): Promise<void> => {
      const { shippingAddress: address } = step.order;
      if (!address) throw new Error(`${step.stream} has no address`);
      await carrier.book(`${step.stream}/book`, { shipmentId: shipmentIdOf(step.stream), address });
      await append(step);
    },
    capture: async (step: Step): Promise<void> => {
      const authorization = `${step.stream}/authorize`;
      await gateway.capture(`${step.stream}/capture`, { amount: step.order.total, authorization });
      await append(step);
    },
  };
}
