import type { Kysely } from 'kysely';
import { toMessageAgain, type Envelope } from '../../events/envelope';
import type { Publisher } from '../../broker/publishing/publisher';
import { retry } from '../../broker/topology/topology';
import { fail } from '../../errors/errors';
import { passFailed } from '../../inbox/failure/failed-streams-store';
import { defaultHandlerTimeoutMs } from '../../inbox/processing/handler-timeout';
import { markEvents, saveStreams, takeStreams } from '../../inbox/store';
import { forgiveFailed, selectWaiting, type Waiting } from './parked-store';
import type { Reader } from '../readers';

/**
 * Tries a parked event now, the first of its stream or the one with this id, although its predecessors are missing: a
 * projection moves over them as if they had been applied, a reaction forgets that they have failed. The event is sent
 * to its queue, where the consumer goes on from there. Returns how many versions were skipped.
 * @throws `not-found` when nothing is parked there; `conflict` when an earlier event of a projection's stream waits.
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
    else await forgiveFailed(trx, name, event);
    return { event, skipped };
  });
  await send(publisher, reader, event);
  return skipped;
}

/** What was discarded; not what it said. */
export interface Discarded {
  id: string;
  type: string;
  version: number;
  dataVersion: number;
  /** Why it waited. */
  reason: string;
  /** Versions before it that were missing, and are skipped, too. */
  skipped: number;
}

/**
 * Gives a parked event up as if it had been applied, and lets its successors go: a projection moves past it, and a
 * reaction marks it. When it comes again it is dropped.
 * @throws `not-found` when it is not parked there (any more); `conflict` when an earlier event of a projection's stream
 * waits.
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
    return { ...waiting, due: await passFailed(trx, name, [waiting.event]) };
  });
  // The consumer takes the others from there.
  const [next] = due;
  if (next) await send(publisher, reader, next);
  const { type, version, dataVersion } = event;
  return { id, type, version, dataVersion, reason, skipped };
}

/** Looks at a parked event while no consumer is at work on a projection's stream, until the transaction ends. */
async function takeWaiting(
  trx: Kysely<unknown>,
  reader: Reader,
  stream: string,
  id: string | undefined,
): Promise<Waiting & { skipped: number }> {
  const { name, kind } = reader.subscription;
  const isOrdered = kind === 'ordered';
  const [taken] = isOrdered ? await takeStreams(trx, name, [stream], defaultHandlerTimeoutMs) : [];
  const waiting = await selectWaiting(trx, name, stream, id);
  if (!waiting) throw notParked(reader, stream, id);
  if (isOrdered && !waiting.isFirst)
    throw fail('conflict', `An earlier event of ${stream} is parked in ${reader.queue}: release or discard that first`);
  const missing = waiting.event.version - 1 - (taken?.version ?? 0);
  return { ...waiting, skipped: isOrdered ? Math.max(missing, 0) : 0 };
}

const notParked = ({ queue }: Reader, stream: string, id: string | undefined): Error =>
  fail('not-found', `${id === undefined ? 'Nothing' : `No event ${id}`} of ${stream} is parked in ${queue}`);

async function send(publisher: Publisher, { subscription, queue }: Reader, event: Envelope): Promise<void> {
  const message = toMessageAgain(event, subscription.exchange.name);
  await publisher.publish({ ...message, exchange: retry, routingKey: queue });
}
