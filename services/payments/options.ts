import type { Database } from '../../lib/db/database';
import type { Waker } from '../../lib/eventlog/wake';
import type { PaymentGateway } from './gateway/gateway';
import type { PaymentTables } from './tables';

/** What the payment service is put together from. */
export interface PaymentsOptions {
  database: Database<PaymentTables>;
  gateway: PaymentGateway;
  waker: Pick<Waker, 'wake'>;
  clock: () => Date;
}
