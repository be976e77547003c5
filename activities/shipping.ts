import type { ShippingActivities } from '../contracts/saga/activities';
import type { ShippingService } from '../services/shipping/service';
import { effectKey } from '../contracts/saga/order';

/** The steps that shipping carries out. */
export const createShippingActivities = (
  shipping: Pick<ShippingService, 'bookShipment' | 'cancelShipment' | 'recallParcel'>,
): ShippingActivities => ({
  bookShipment: ({ orderId, userId, shippingAddress }) =>
    shipping.bookShipment(effectKey(orderId, 'book'), { orderId, userId, address: shippingAddress }),
  cancelShipment: ({ orderId }) => shipping.cancelShipment(effectKey(orderId, 'book'), { orderId }),
  recallParcel: ({ orderId }) => shipping.recallParcel(orderId),
});
