import type { HistoryEvent } from './history';
import type { OrderRow } from './tables';
import type { OrderSnapshot } from './snapshot';

/** An order as `GET /orders/:id` shows it to operators. */
export function toResponse({ order, version, placedAt, updatedAt, timeline }: OrderSnapshot) {
  const { cancellationRequested: _, cancellationDeclined: __, returnRequested: ___, attention: ____, ...shown } = order;
  return {
    ...shown,
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
