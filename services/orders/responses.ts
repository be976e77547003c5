import type { OrderDetails } from '../../contracts/order-details';
import type { Seal } from '../../lib/encryption/sealed';
import type { HistoryEvent } from './history';
import type { OrderSnapshot } from './service';
import type { OrderRow } from './tables';

/** An order as `GET /orders/:id` shows it to operators. */
export function toResponse(
  { order, version, placedAt, updatedAt, timeline }: OrderSnapshot,
  seal: Pick<Seal<OrderDetails>, 'open'>,
) {
  const { orderId, userId, status, items, total, ifUnavailable, reason, detail, message } = order;
  return {
    orderId,
    userId,
    status,
    items,
    total,
    shippingAddress: seal.open(order.details, orderId).shippingAddress,
    ifUnavailable,
    ...(reason === undefined ? {} : { reason }),
    ...(detail === undefined ? {} : { detail }),
    ...(message === undefined ? {} : { message }),
    ...cancellationOf(order),
    version,
    placedAt: placedAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    timeline: timeline.map(({ time, ...fact }) => ({ ...fact, time: time.toISOString() })),
  };
}

/** Whether a cancellation is under way or was declined; the status of a cancelled order says it. */
function cancellationOf({ status, cancellationRequested, cancellationDeclined }: OrderSnapshot['order']) {
  if (cancellationDeclined) return { cancellation: 'declined' as const };
  return cancellationRequested && status !== 'cancelled' ? { cancellation: 'requested' as const } : {};
}

/** A line of `GET /orders`. */
export function toSummary(row: OrderRow) {
  return {
    orderId: row.order_id,
    userId: row.user_id,
    status: row.status,
    version: row.version,
    total: { amount: row.total_amount, currency: row.currency },
    ...(row.reason === null ? {} : { reason: row.reason }),
    placedAt: row.placed_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}

/** A line of `GET /orders/:id/events`, for operators. */
export function toHistoryLine({ recorded, today }: HistoryEvent) {
  const { version, id, type, time, dataVersion, data } = recorded;
  const { actor, correlationId, causationId } = recorded.metadata;
  const reason = 'reason' in today.data ? today.data.reason : undefined;
  return {
    version,
    eventId: id,
    type,
    time: time.toISOString(),
    ...(actor === undefined ? {} : { actor }),
    ...(reason === undefined ? {} : { reason }),
    correlationId,
    ...(causationId === undefined ? {} : { causationId }),
    dataVersion: today.dataVersion,
    data: today.data,
    raw: { dataVersion, data },
  };
}
