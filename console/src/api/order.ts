import { get, withQuery } from './client';
import { explain, type Explanation } from './explanation';
import { sentenceOf } from './problem';
import { may } from './session';
import type { Notification, Order, Page, Payment, Shipment } from './types';

/** What a source knows, or why it cannot be asked: the rest of a page does not wait for it. */
export type Part<T> = { items: T[] } | { failure: string };

export interface OrderParts {
  order: Order;
  payments: Part<Payment>;
  shipments: Part<Shipment>;
  emails: Part<Notification>;
  /** Absent for roles that may not see it; a sentence where it cannot be had. */
  explanation: Explanation | string | undefined;
}

/** An order, now, with what other services know of it. @throws RequestRefused when there is no such order. */
export async function loadOrder(orderId: string): Promise<OrderParts> {
  const [order, payments, shipments, emails, explanation] = await Promise.all([
    get<Order>(`/orders/${orderId}`),
    part<Payment>(withQuery('/payments', { orderId })),
    part<Shipment>(withQuery('/shipments', { orderId })),
    part<Notification>(withQuery('/notifications', { orderId })),
    may('ops:read') ? explain(orderId).catch(sentenceOf) : undefined,
  ]);
  return { order, payments, shipments, emails, explanation };
}

const part = <T>(path: string): Promise<Part<T>> =>
  get<Page<T>>(path).catch((error: unknown) => ({ failure: sentenceOf(error) }));

/** The order as it was at a version. */
export const loadVersion = (orderId: string, version: number): Promise<Order> =>
  get<Order>(withQuery(`/orders/${orderId}`, { version }));
