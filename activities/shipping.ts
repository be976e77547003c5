import type { ShippingActivities } from '../contracts/saga/activities';
import type { ShippingService } from '../services/shipping/service';
import { effectKey } from '../contracts/saga/order';

/** The steps that shipping carries out. */
export const createShippingActivities = (
  shipping: Pick<ShippingService, 'detailsOf' | 'bookShipment' | 'cancelShipment' | 'recallParcel'>,
): ShippingActivities => ({
  bookShipment: async (order) => {
    const { orderId, userId } = order;
    const { shippingAddress: address } = shipping.detailsOf(order);
    return shipping.bookShipment(effectKey(orderId, 'book'), { orderId, userId, address });
  },
  cancelShipment: ({ orderId }) => shipping.cancelShipment(effectKey(orderId, 'book'), { orderId }),
  recallParcel: ({ orderId }) => shipping.recallParcel(orderId),
});
