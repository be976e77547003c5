import { z } from 'zod';
import { anyCaseId, id } from '../../lib/ids/ids';
import { money } from '../money';

/** `GET /payments?orderId=` */
export const paymentListQuery = z.strictObject({ orderId: anyCaseId });

const payment = z.strictObject({
  paymentId: id,
  orderId: id,
  status: z.enum(['authorized', 'declined', 'captured', 'voided', 'refunded']),
  amount: money,
  captured: z.int(),
  refunded: z.int(),
});

/** `captured` and `refunded` are minor units of the amount's currency. */
export const paymentListResponse = z.strictObject({ items: z.array(payment) });
