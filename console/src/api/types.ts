/** What the console reads of the API's answers; the whole is in `/openapi.json`. */
export interface Session {
  userId: string;
  role: string;
  scopes: string[];
  expiresAt: string;
}

/** In minor units of the currency. */
export interface Money {
  amount: number;
  currency: string;
}

export const orderStatuses = [
  'placed',
  'in_review',
  'confirmed',
  'shipped',
  'delivered',
  'returned',
  'cancelled',
] as const;
export type OrderStatus = (typeof orderStatuses)[number];

export interface OrderSummary {
  orderId: string;
  userId: string;
  status: OrderStatus;
  version: number;
  total: Money;
  reason?: string;
  placedAt: string;
  updatedAt: string;
}

export interface Order extends OrderSummary {
  items: { sku: string; name: string; quantity: number; price: Money; lineTotal: Money }[];
  detail?: string;
  message?: string;
  cancellation?: 'requested' | 'declined';
  timeline: { version: number; type: string; time: string }[];
}

export interface Page<T> {
  items: T[];
  nextCursor?: string;
}

export interface Payment {
  paymentId: string;
  status: string;
  amount: Money;
  captured: number;
  refunded: number;
}

export interface Shipment {
  shipmentId: string;
  status: string;
  trackingNumber: string;
}

export interface Notification {
  notificationId: string;
  kind: string;
  status: string;
  attempts: number;
  createdAt: string;
  sentAt?: string;
}

/** A saga with the step that waits for an operator; without one it has gone on. */
export interface StuckSaga {
  orderId: string;
  stuck?: { step: string; why: string; since: string };
}

export interface AuditEntry {
  service: string;
  time: string;
  actor: string;
  action: string;
  target: string;
  request: unknown;
  outcome: unknown;
}
