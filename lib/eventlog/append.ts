import { v7 as uuidv7 } from 'uuid';
import type { Queryable } from '../db/database';
import { inOneStatement, type Write } from '../db/writes';
import { platformError } from '../errors/errors';
import { currentContext } from '../telemetry/context';
import type { EventMetadata, StreamAppend } from './events';
import { eventsInsert } from './store';
import type { EventRow } from './tables';

/** The rows of new events, for a store that writes them as part of a larger statement. */
export function eventRows(appends: readonly StreamAppend[], now = new Date()): EventRow[] {
  const metadata = currentMetadata();
  return appends.flatMap(({ stream, expectedVersion, events }) =>
    events.map(({ type, dataVersion, compatibleVersion, data }, index) => ({
      event_id: uuidv7(),
      stream,
      version: expectedVersion + 1 + index,
      type,
      data_version: dataVersion,
      data,
      metadata: compatibleVersion === undefined ? metadata : { ...metadata, compatibleVersion },
      time: now,
    })),
  );
}

/**
 * The time of an event: now, but not before the event that precedes it, which another process with another clock may
 * have written. The log itself enforces this; code that also stores the time elsewhere must get it from here.
 */
export const timeAfter = (before: Date | undefined, now: Date): Date => (before && before > now ? before : now);

/**
 * Appends events to one or more streams, together with the other writes of the same change: all or none, in one round
 * trip. A change that needs more statements calls it in its transaction.
 * @throws `version-conflict` when a stream is not at its expected version; the transaction is then dead.
 */
export async function appendEvents(
  db: Queryable,
  appends: readonly StreamAppend[],
  { now = new Date(), writes = [] }: { now?: Date; writes?: readonly Write[] } = {},
): Promise<void> {
  const rows = eventRows(appends, now);
  if (rows.length === 0) return;
  try {
    await inOneStatement(db, [eventsInsert(rows), ...writes]);
  } catch (error) {
    if (!isVersionTaken(error)) throw error;
    throw platformError(
      'version-conflict',
      `Another command appended to ${appends.map(({ stream }) => stream).join(', ')} first; load it again and retry`,
      {
        details: { streams: appends.map(({ stream, expectedVersion }) => ({ stream, expectedVersion })) },
      },
    );
  }
}

function currentMetadata(): EventMetadata {
  const { correlationId, causationId, traceparent, actor } = currentContext();
  return { correlationId, traceparent, ...(causationId ? { causationId } : {}), ...(actor ? { actor } : {}) };
}

/** Whether PostgreSQL refused a row because its stream has that version already (23505: unique violation). */
function isVersionTaken(error: unknown): boolean {
  const { code, constraint } = error as { code?: string; constraint?: string };
  return code === '23505' && constraint === 'events_stream_version';
}
