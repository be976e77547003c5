import { findEvent } from '../../lib/eventlog/trace-store';
import { isId, normalizeId } from '../../lib/ids/ids';
import type { Log } from '../../lib/operations/readers';
import type { TraceReader } from '../../lib/service/trace';
import type { Asking } from './ask';

/**
 * The bare id in what people paste: the id of a workflow or a step (`order/<id>/capture`), a stream (`order-<id>`), an
 * e-mail's message id, a traceparent; anything else as it is.
 */
export function bareId(text: string): string {
  const trimmed = text.trim();
  const [, inWorkflow] = /^(?:order|return|recall)\/([^/]+)/.exec(trimmed) ?? [];
  const [, inStream] = /^(?:order|payment|shipment)-([0-9a-f-]{36})$/i.exec(trimmed) ?? [];
  const [, inMessage] = /^<?([^@<>]+)@[^@<>]+>?$/.exec(trimmed) ?? [];
  const [, inTrace] = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(trimmed) ?? [];
  return normalizeId(inWorkflow ?? inStream ?? inMessage ?? inTrace ?? trimmed);
}

/** The order that an id belongs to, whatever it is the id of; undefined when nobody who could be asked knows it. */
export async function findOrder(
  { ask }: Asking,
  id: string,
  { traces, logs }: { traces: readonly TraceReader[]; logs: readonly Pick<Log, 'service' | 'db'>[] },
): Promise<string | undefined> {
  const known = await Promise.all(traces.map((trace) => ask(trace.source, () => trace.subjectOf(id))));
  const found = known.find((orderId) => orderId !== undefined);
  if (found !== undefined || !isId(id)) return found;
  const events = await Promise.all(logs.map(({ service, db }) => ask(service, () => findEvent(db, id))));
  const [about] = events.flatMap((event) => (event ? [event.data as { orderId?: string }] : []));
  return about?.orderId;
}
