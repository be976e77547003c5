import { sql, type RawBuilder } from 'kysely';
import type { Queryable } from '../db/database';
import { inOneStatement, type Write } from '../db/writes';
import { platformError } from '../errors/errors';
import { newId } from '../ids/new-id';
import { currentContext } from '../telemetry/context';
import type { Cursor, RecordedEvent, EventMetadata, StreamAppend } from './events';
import type { EventRow } from './tables';

/** The rows of new events, for a store that writes them as part of a larger statement. */
export function eventRows(appends: readonly StreamAppend[], now = new Date()): EventRow[] {
  const metadata = currentMetadata();
  return appends.flatMap(({ stream, expectedVersion, events }) =>
    events.map(({ type, dataVersion, compatibleVersion, data }, index) => ({
      event_id: newId(),
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

// Raw SQL, because a log is used from databases and transactions of many different table types.

/**
 * The statement that writes rows to the log, alone or as a part (`with log as (…)`) of a larger one. No event is
 * earlier than the one before it in its stream, whatever the clocks of its writers say. It has one JSON parameter
 * instead of eight per row, so its text is the same for any number of rows.
 * @param options.where selects among the rows, by their columns and by earlier parts of the larger statement
 */
export const eventsInsert = (
  rows: readonly EventRow[],
  { where = sql`true` }: { where?: RawBuilder<unknown> } = {},
): RawBuilder<unknown> => sql`
  insert into events (event_id, stream, version, type, data_version, data, metadata, time)
  select event_id, stream, version, type, data_version, data, metadata,
    -- The first event of a stream has none before it: nothing is looked up.
    greatest(time, case when version > 1 then (
      select before.time from events before where before.stream = row.stream order by before.version desc limit 1
    ) end)
  from json_to_recordset(${JSON.stringify(rows)}::json) as row(event_id uuid, stream text, version int,
    type text, data_version int, data jsonb, metadata jsonb, time timestamptz)
  where ${where}`;

/** A part of a stream; by default all of it. */
export interface StreamPart {
  afterVersion?: number;
  toVersion?: number;
  /** The stream as of this time: nothing from the first later event on, even if what follows has an earlier time. */
  until?: Date;
  limit?: number;
}

/** A stream's events by version, all or a part; empty when the stream does not exist. */
export async function selectStream(
  db: Queryable,
  stream: string,
  { afterVersion = 0, toVersion = Number.MAX_SAFE_INTEGER, until, limit }: StreamPart = {},
): Promise<RecordedEvent[]> {
  const { rows } = await sql<RecordedEvent>`
    select position, event_id as id, stream, version, type, data_version as "dataVersion", data, metadata, time
    from events
    where stream = ${stream} and version > ${afterVersion}::bigint and version <= ${toVersion}::bigint
      ${until ? sql`and ${isBefore(stream, until)}` : sql``}
    order by version limit ${limit ?? null}`.execute(db);
  return rows;
}

/** Condition on a stream's events: before the first one that is later than a time. */
const isBefore = (stream: string, until: Date): RawBuilder<unknown> => sql`not exists (
  select from events later where later.stream = ${stream} and later.version <= events.version
    and later.time > ${until}::timestamptz
)`;

/** An event with its place in the log's order. */
export type LoggedEvent = RecordedEvent & Cursor;

/** Events after a place in the log, and whether an open transaction holds more committed events back. */
export interface LogPage {
  events: LoggedEvent[];
  heldBack: boolean;
}

/** The next events in log order, below the snapshot's horizon as for relays, so that none is ever skipped. */
export async function selectAfter(db: Queryable, after: Cursor, limit: number): Promise<LogPage> {
  const { rows } = await sql<LoggedEvent & { heldBack: boolean }>`
    select xid, position, event_id as id, stream, version, type, data_version as "dataVersion", data, metadata, time,
      xid >= pg_snapshot_xmin(pg_current_snapshot()) as "heldBack"
    from events
    where (xid, position) > (${after.xid}::xid8, ${after.position}::bigint)
    order by xid, position limit ${limit}`.execute(db);
  const events = rows.filter(({ heldBack }) => !heldBack).map(({ heldBack: _, ...event }) => event);
  return { events, heldBack: events.length < rows.length };
}

/** Condition on `events`: committed, and no open transaction can still write anything before it. */
export const belowHorizon = sql`xid < pg_snapshot_xmin(pg_current_snapshot())`;

/** The end of what can be read of the log now. */
export async function selectHead(db: Queryable): Promise<Cursor> {
  const { rows } = await sql<Cursor>`
    select xid, position from events where ${belowHorizon}
    order by xid desc, position desc limit 1`.execute(db);
  return rows[0] ?? { xid: '0', position: 0 };
}
