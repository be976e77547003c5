import type { Exchange } from '../../lib/events/exchange';
import { inventoryEvents } from './inventory';
import { orderEvents } from './order';
import { paymentEvents } from './payment';
import { shipmentEvents } from './shipment';
import { tokenEvents, userEvents } from './user';

/** Every exchange of the platform: one for each producing service. */
export const exchanges = {
  users: { name: 'user-events', producer: 'users', events: [...userEvents, ...tokenEvents] },
  inventory: { name: 'inventory-events', producer: 'inventory', events: inventoryEvents },
  orders: { name: 'order-events', producer: 'orders', events: orderEvents },
  payments: { name: 'payment-events', producer: 'payments', events: paymentEvents },
  shipping: { name: 'shipment-events', producer: 'shipping', events: shipmentEvents },
} as const satisfies Record<string, Exchange>;
