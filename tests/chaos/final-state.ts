import type { OrderEnd, PaymentEnd, StockEnd } from './platform-store';

/** What the services' databases say at the end. */
export interface FinalState {
  placed: number;
  /** Pieces of every product at the beginning. */
  piecesEach: number;
  orders: readonly OrderEnd[];
  payments: readonly PaymentEnd[];
  stock: readonly StockEnd[];
  reserved: readonly { orderId: string; quantity: number }[];
}

/** Whether every order ended, and stock and money add up; returns what does not, in words. */
export function checkFinalState({ placed, piecesEach, orders, payments, stock, reserved }: FinalState): string[] {
  const confirmed = new Set(orders.filter(({ status }) => status === 'confirmed').map(({ orderId }) => orderId));
  const open = orders.filter(({ status }) => status !== 'confirmed' && status !== 'cancelled');
  const held = reserved.filter(({ orderId }) => !confirmed.has(orderId));
  const unheld = confirmed.size - new Set(reserved.map(({ orderId }) => orderId)).size + held.length;
  const paid = new Map(payments.map((payment) => [payment.orderId, payment.captured - payment.refunded]));
  return [
    ...(orders.length === placed ? [] : [`${placed} orders were accepted, ${orders.length} are there`]),
    ...open.map(({ orderId, status }) => `order ${orderId} did not end: it is ${status}`),
    ...held.map(({ orderId }) => `stock is still held for order ${orderId}, which was cancelled`),
    ...(unheld === 0 ? [] : [`${unheld} confirmed orders hold no stock`]),
    ...orders
      .map(({ orderId, total }) => ({ orderId, owed: confirmed.has(orderId) ? total : 0, got: paid.get(orderId) ?? 0 }))
      .filter(({ owed, got }) => owed !== got)
      .map(({ orderId, owed, got }) => `order ${orderId} owes ${owed}, and ${got} was paid`),
    ...stock
      .filter(({ available, reserved: away, shipped }) => available + away + shipped !== piecesEach)
      .map(({ sku, available, reserved: away, shipped }) => `${sku}: ${available} + ${away} + ${shipped} pieces`),
    ...(sum(stock.map((item) => item.reserved)) === sum(reserved.map(({ quantity }) => quantity))
      ? []
      : ['the stock that is reserved is not the sum of the reservations']),
  ];
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
