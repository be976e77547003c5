import type { Choice } from './demo-choices';
import { get, post, withQuery } from './client';
import { RequestRefused } from './problem';
import type { Order, Page, Payment, Shipment } from './types';

const customerKey = 'console.demo-customer';
/** How long a new customer may take to reach the order service. */
const attempts = 40;
const betweenAttemptsMs = 250;

/** The customer of this tab's demo orders; made with the first one. */
async function customer(): Promise<string> {
  const known = demoCustomer();
  if (known !== undefined) return known;
  const email = `demo-${crypto.randomUUID()}@example.com`;
  const { userId } = await post<{ userId: string }>('/users', { email, name: 'Demo Customer' });
  sessionStorage.setItem(customerKey, userId);
  return userId;
}

export const demoCustomer = (): string | undefined => sessionStorage.getItem(customerKey) ?? undefined;

/** Places an order and returns its id. @throws RequestRefused when the API refuses it. */
export async function placeDemoOrder({ token, items, postalCode = '10115', ifUnavailable }: Choice): Promise<string> {
  const body = {
    userId: await customer(),
    items,
    payment: { token },
    shippingAddress: { name: 'Demo Customer', line1: '1 Saga Street', city: 'Berlin', postalCode, country: 'DE' },
    ...(ifUnavailable ? { ifUnavailable } : {}),
  };
  const key = crypto.randomUUID();
  for (let attempt = 1; ; attempt += 1) {
    try {
      return (await post<{ orderId: string }>('/orders', body, key)).orderId;
    } catch (error) {
      // 422 until the event of a new customer has reached the order service.
      const isEarly = error instanceof RequestRefused && error.problem.status === 422 && attempt < attempts;
      if (!isEarly) throw error;
      await new Promise((resolve) => setTimeout(resolve, betweenAttemptsMs));
    }
  }
}

/** A demo order with what other services know of it. */
export interface DemoOrder {
  order: Order;
  payments: Payment[];
  shipments: Shipment[];
}

const shown = 12;

/** The newest orders of the demo's customer. */
export async function loadDemoOrders(): Promise<DemoOrder[]> {
  const userId = demoCustomer();
  if (userId === undefined) return [];
  const { items } = await get<Page<{ orderId: string }>>(withQuery('/orders', { userId, limit: shown }));
  return Promise.all(items.map(({ orderId }) => loadDemoOrder(orderId)));
}

async function loadDemoOrder(orderId: string): Promise<DemoOrder> {
  const [order, payments, shipments] = await Promise.all([
    get<Order>(`/orders/${orderId}`),
    get<Page<Payment>>(withQuery('/payments', { orderId })),
    get<Page<Shipment>>(withQuery('/shipments', { orderId })),
  ]);
  return { order, payments: payments.items, shipments: shipments.items };
}
