import type { Activities } from '../../contracts/saga/activities';
import type { Happening } from './happening';

/** The events by which a step shows, so that it is told after them. */
const eventsOf: { readonly [Step in keyof Activities]?: readonly string[] } = {
  reserveStock: ['stock.reserved'],
  releaseStock: ['stock.released'],
  shipStock: ['stock.shipped'],
  returnStock: ['stock.returned'],
  authorizePayment: ['payment.authorized', 'payment.declined'],
  voidPayment: ['payment.voided'],
  capturePayment: ['payment.captured'],
  refundPayment: ['payment.refunded'],
  bookShipment: ['shipment.booked'],
  cancelShipment: ['shipment.cancelled'],
  reduceOrder: ['order.reduced'],
  requestReview: ['order.review_requested'],
  confirmOrder: ['order.confirmed'],
  shipOrder: ['order.shipped'],
  deliverOrder: ['order.delivered'],
  cancelOrder: ['order.cancelled'],
  declineCancellation: ['order.cancellation_declined'],
  completeReturn: ['order.returned'],
  reportStuck: ['order.attention_needed'],
};

/**
 * The lines of one saga in the sequence of its history, each step after the events that it led to. A step that was called
 * directly has only the time at which its workflow task began; it gets that of what it came after, if that is later.
 */
export function afterTheirEvents(saga: readonly Happening[], events: readonly Happening[], name: string): Happening[] {
  let previous = new Date(0);
  return saga.map((line, index) => {
    const { step, isDirect } = line.details ?? {};
    const kinds = line.kind === 'step-running' ? [] : (eventsOf[step as keyof Activities] ?? []);
    const led = events.filter(({ kind }) => kinds.includes(kind)).at(-1);
    const at = isDirect === true ? latest(line.at, previous, led?.at) : line.at;
    previous = at;
    return { ...line, at, stream: name, version: index + 1, ...(led?.id === undefined ? {} : { after: led.id }) };
  });
}

const latest = (...times: (Date | undefined)[]): Date =>
  new Date(Math.max(...times.map((time) => time?.getTime() ?? 0)));
