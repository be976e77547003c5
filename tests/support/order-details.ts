import { fixed } from '../../lib/config/live';
import { orderDetailsSettings, sealOfDetails, type OrderDetails } from '../../contracts/order-details';

/** Keys of a test, as the environment of a process has them. */
export const orderDetailsKeys = `test:${Buffer.alloc(32, 7).toString('base64')}`;

/** The seal of a test's services. */
export const details = sealOfDetails(fixed(orderDetailsSettings.ORDER_DETAILS_KEYS.parse(orderDetailsKeys)));

/** The sealed details of an order that can be charged and shipped, but for what is changed. */
export const sealedDetails = (orderId: string, changed: Partial<OrderDetails> = {}): string =>
  details.seal(
    {
      payment: { token: 'tok_ok' },
      shippingAddress: { name: 'Ada', line1: '12 St James Square', city: 'London', postalCode: 'SW1Y', country: 'GB' },
      ...changed,
    },
    orderId,
  );
