import { z } from 'zod';
import type { Live } from '../lib/config/live';
import { secret } from '../lib/config/secret';
import { encryptionKeys, type EncryptionKey } from '../lib/encryption/keys';
import { createSeal, type Seal } from '../lib/encryption/sealed';
import { address } from './address';
import type { PlacedOrder } from './saga/order';

/** What only the services that charge and ship an order need to know of it; in events it is sealed. */
export const orderDetails = z.strictObject({
  payment: z.strictObject({ token: z.string() }),
  shippingAddress: address,
});
export type OrderDetails = z.infer<typeof orderDetails>;

/** The settings of the services that seal the details of orders or open them. */
export const orderDetailsSettings = {
  /** The keys with which the details of orders are sealed (docs/how-to/protect-personal-data.md): the first one seals. */
  ORDER_DETAILS_KEYS: secret(encryptionKeys),
};

/** Seals and opens the details of orders, with the keys in use. */
export const sealOfDetails = (keys: Live<readonly EncryptionKey[]>): Seal<OrderDetails> =>
  createSeal({ keys, schema: orderDetails, setting: 'ORDER_DETAILS_KEYS' });

/** The details of an order in a saga; sagas that started before details were sealed have them in the clear. */
export function detailsOf(
  { orderId, details, paymentToken = '', shippingAddress }: PlacedOrder,
  seal: Pick<Seal<OrderDetails>, 'open'>,
): OrderDetails {
  if (details !== undefined) return seal.open(details, orderId);
  return orderDetails.parse({ payment: { token: paymentToken }, shippingAddress });
}
