import { createAuthorization } from './authorization';
import { createCapture } from './capture';
import type { Payment } from './domain';
import type { PaymentsOptions } from './options';
import { paymentsOfOrder } from './store';

export type PaymentsService = ReturnType<typeof createPaymentsService>;

/**
 * What the payment service can do. Every operation has the effect key of its step and happens once for it; an undo is
 * given the key of what it undoes.
 */
export const createPaymentsService = (options: PaymentsOptions) => ({
  ...createAuthorization(options),
  ...createCapture(options),

  paymentsOf: (orderId: string): Promise<Payment[]> => paymentsOfOrder(options.database.kysely, orderId),
});
