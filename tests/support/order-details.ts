import { fixed } from '../../lib/config/live';
import { orderDetailsSettings, sealOfDetails } from '../../contracts/order-details';

/** Keys of a test, as the environment of a process has them. */
export const orderDetailsKeys = `test:${Buffer.alloc(32, 7).toString('base64')}`;

/** The seal of a test's services. */
export const details = sealOfDetails(fixed(orderDetailsSettings.ORDER_DETAILS_KEYS.parse(orderDetailsKeys)));
