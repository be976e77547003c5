import { sql } from 'kysely';
import type { Queryable } from '../db/database';
import { selectBlocker, type Blocker } from '../eventlog/relay/blocker-store';
import { heldBackAlertSeconds } from '../eventlog/relay/held-back';
import { measureLog } from '../eventlog/relay/log-ages-store';

// Raw SQL, because the tables are in databases with different table types.

/** One action of an operator. */
export interface AuditEntry {
  time: Date;
  actor: string;
  action: string;
  /** The queue, the stream, the log or the saga. */
  target: string;
  request: unknown;
  outcome: unknown;
}

/** Writes an entry, and returns its id. */
export async function insertAudit(db: Queryable, entry: Omit<AuditEntry, 'time'>): Promise<number> {
  const { actor, action, target, request, outcome } = entry;
  const { rows } = await sql<{ id: number }>`
    insert into ops_audit (actor, action, target, request, outcome)
    values (${actor}, ${action}, ${target}, ${JSON.stringify(request)}::json, ${JSON.stringify(outcome)}::json)
    returning id`.execute(db);
  const [{ id } = { id: 0 }] = rows;
  return id;
}

/** Writes the outcome of an entry, as an entry that completes it; the first outcome counts. */
export async function completeAudit(db: Queryable, id: number, outcome: unknown): Promise<void> {
  await sql`
    insert into ops_audit (actor, action, target, request, outcome, completes)
    select actor, action, target, '{}'::json, ${JSON.stringify(outcome)}::json, id from ops_audit where id = ${id}`.execute(
    db,
  );
}

export async function selectAudit(db: Queryable, limit: number): Promise<AuditEntry[]> {
  const { rows } = await sql<AuditEntry>`
    select begun.time, begun.actor, begun.action, begun.target, begun.request,
      coalesce(ended.outcome, begun.outcome) as outcome
    from ops_audit begun left join ops_audit ended on ended.completes = begun.id
    where begun.completes is null
    order by begun.id desc limit ${limit}`.execute(db);
  return rows;
}

/** What operators did to one of these targets, oldest first; at most a thousand actions. */
export async function selectAuditOf(db: Queryable, targets: readonly string[]): Promise<AuditEntry[]> {
  // No index leads to a target: the audit log has an entry per decision of a person, and is small.
  const { rows } = await sql<AuditEntry>`
    select begun.time, begun.actor, begun.action, begun.target, begun.request,
      coalesce(ended.outcome, begun.outcome) as outcome
    from ops_audit begun left join ops_audit ended on ended.completes = begun.id
    where begun.completes is null and begun.target = any(${[...targets]}::text[])
    order by begun.id limit 1000`.execute(db);
  return rows;
}

interface EventPosition {
  id: string;
  stream?: string;
  version?: number;
}

/** Which of these events have been applied, or are parked. */
export async function selectProcessed(
  db: Queryable,
  subscription: string,
  events: readonly EventPosition[],
): Promise<{ id: string; isParked: boolean }[]> {
  const { rows } = await sql<{ id: string; isParked: boolean }>`
    with wanted as (
      select * from unnest(
        ${events.map(({ id }) => id)}::text[], ${events.map(({ stream }) => stream ?? null)}::text[],
        ${events.map(({ version }) => version ?? null)}::int[]
      ) as wanted (id, stream, version)
    )
    select w.id, p.event_id is not null as "isParked"
    from wanted w
    left join inbox_parked p on p.subscription = ${subscription} and p.event_id = w.id
    left join inbox_events e on e.subscription = ${subscription} and e.event_id = w.id
    left join inbox_streams s on s.subscription = ${subscription} and s.stream = w.stream
    where p.event_id is not null or e.event_id is not null or s.version >= w.version`.execute(db);
  return rows;
}

/** The current state of a log and its relay. */
export interface OutboxStatus {
  owner: string;
  leaseExpires: Date;
  paused: boolean;
  cursor: number;
  unpublished: number;
  /** Includes events that a queue refused. */
  oldestUnpublishedSeconds: number;
  oldestHeldBackSeconds: number;
  /** The transaction that has held events back for long. */
  heldBackBy?: Blocker;
  oldestRefusedSeconds: number;
  parked: number;
  /** A queue refused them; they are retried. */
  refused: number;
}

export async function selectOutbox(db: Queryable, relay: string): Promise<OutboxStatus | undefined> {
  const { rows } = await sql<OutboxStatus>`
    select owner, expires_at as "leaseExpires", paused, cursor_position as cursor,
      (select count(*)::int from events where (xid, position) > (cursor_xid, cursor_position)) as unpublished,
      (select count(*)::int from relay_parked where relay = ${relay}) as parked
    from relays where name = ${relay}`.execute(db);
  const ages = await measureLog(db, relay);
  const [found] = rows;
  if (!found || !ages) return undefined;
  const blocker = ages.oldestHeldBack < heldBackAlertSeconds ? undefined : await selectBlocker(db);
  return {
    ...found,
    // PostgreSQL's "-infinity" stands for a lease that was never taken; it is not a `Date`.
    leaseExpires: found.leaseExpires instanceof Date ? found.leaseExpires : new Date(0),
    oldestUnpublishedSeconds: ages.oldestUnpublished,
    oldestHeldBackSeconds: ages.oldestHeldBack,
    ...(blocker ? { heldBackBy: blocker } : {}),
    oldestRefusedSeconds: ages.oldestRefused,
    refused: ages.refused,
  };
}

/** False when there is no such relay. */
export async function setPaused(db: Queryable, relay: string, paused: boolean): Promise<boolean> {
  const { rows } = await sql`update relays set paused = ${paused} where name = ${relay} returning name`.execute(db);
  return rows.length > 0;
}
