import type { Kysely } from 'kysely';
import { toMessageAgain, type Envelope } from '../../events/envelope';
import type { Publisher } from '../../broker/publishing/publisher';
import { retry } from '../../broker/topology/topology';
import { platformError } from '../../errors/errors';
import { resolveFailed } from '../../inbox/failure/failed-streams-store';
import { defaultHandlerTimeoutMs } from '../../inbox/processing/handle';
import { markEvents, saveStreams, lockStreams } from '../../inbox/store';
import { deleteFailedBefore, selectWaiting, type Waiting } from './parked-store';
import type { Reader } from '../readers';

/**
 * Tries a parked event now, the first of its stream or the one with this id, although its predecessors are missing: a
 * projection skips them as if they had been applied; a reaction no longer waits for those that failed. The event is
 * sent to its queue, where the consumer takes over. Returns how many versions were skipped.
 * @throws `not-found` when nothing is parked there; `conflict` when an earlier event of a projection's stream is
 * parked.
 */
export async function releaseParked(
  publisher: Publisher,
  reader: Reader,
  stream: string,
  id?: string,
): Promise<number> {
  const { name, kind } = reader.subscription;
  const { event, skipped } = await reader.db.transaction().execute(async (trx) => {
    const { event, skipped } = await takeWaiting(trx, reader, stream, id);
    if (kind === 'ordered') await saveStreams(trx, name, [{ stream, version: event.version - 1 }]);
    else await deleteFailedBefore(trx, name, event);
    return { event, skipped };
  });
  await send(publisher, reader, event);
  return skipped;
}

/** A discarded event, without its data. */
export interface Discarded {
  id: string;
  type: string;
  version: number;
  dataVersion: number;
  /** Why it was parked. */
  reason: string;
  /** Missing versions before it, which are skipped as well. */
  skipped: number;
}

/**
 * Skips a parked event as if it had been applied, and releases its successors: a projection moves past it, a reaction
 * marks it as processed. If it is delivered again, it is dropped.
 * @throws `not-found` when it is not, or no longer, parked there; `conflict` when an earlier event of a projection's
 * stream is parked.
 */
export async function discardParked(
  publisher: Publisher,
  reader: Reader,
  stream: string,
  id: string,
): Promise<Discarded> {
  const { name, kind } = reader.subscription;
  const { event, reason, skipped, due } = await reader.db.transaction().execute(async (trx) => {
    const waiting = await takeWaiting(trx, reader, stream, id);
    const { version } = waiting.event;
    if (kind === 'ordered') return { ...waiting, due: await saveStreams(trx, name, [{ stream, version }]) };
    const fresh = await markEvents(trx, name, [id], defaultHandlerTimeoutMs);
    if (fresh.size === 0) throw notParked(reader, stream, id);
    return { ...waiting, due: await resolveFailed(trx, name, [waiting.event]) };
  });
  // The consumer applies the others after it.
  const [next] = due;
  if (next) await send(publisher, reader, next);
  const { type, version, dataVersion } = event;
  return { id, type, version, dataVersion, reason, skipped };
}

/** Reads a parked event; for a projection, no consumer works on its stream until the transaction ends. */
async function takeWaiting(
  trx: Kysely<unknown>,
  reader: Reader,
  stream: string,
  id: string | undefined,
): Promise<Waiting & { skipped: number }> {
  const { name, kind } = reader.subscription;
  const isOrdered = kind === 'ordered';
  const [taken] = isOrdered ? await lockStreams(trx, name, [stream], defaultHandlerTimeoutMs) : [];
  const waiting = await selectWaiting(trx, name, stream, id);
  if (!waiting) throw notParked(reader, stream, id);
  if (isOrdered && !waiting.isFirst)
    throw platformError(
      'conflict',
      `An earlier event of ${stream} is parked in ${reader.queue}: release or discard that one first`,
    );
  const missing = waiting.event.version - 1 - (taken?.version ?? 0);
  return { ...waiting, skipped: isOrdered ? Math.max(missing, 0) : 0 };
}

const notParked = ({ queue }: Reader, stream: string, id: string | undefined): Error =>
  platformError('not-found', `${id === undefined ? 'Nothing' : `No event ${id}`} of ${stream} is parked in ${queue}`);

async function send(publisher: Publisher, { subscription, queue }: Reader, event: Envelope): Promise<void> {
  const message = toMessageAgain(event, subscription.exchange.name);
  await publisher.publish({ ...message, exchange: retry, routingKey: queue });
}
