import type { Link } from '../../lib/broker/connection/link';
import type { Queryable } from '../../lib/db/database';
import type { StreamPosition } from '../../lib/inbox/store';
import { appliedVersions } from '../../lib/projections/store';
import type { Listener } from '../deploy/consumers';
import type { Drift } from './compare';
import { streamsInQueues } from './in-queues';
import * as store from './progress-store';

/** A consumer with its inbox, and the log that it consumes. */
export interface ComparedConsumer extends Pick<Listener, 'queue' | 'formerly' | 'subscription'> {
  inbox: Queryable;
  log: Queryable;
}

export interface ProgressOptions {
  readers: readonly ComparedConsumer[];
  link: Link;
  /** The delays before messages are retried. */
  delaysMs: readonly number[];
  /** Events older than this should have been applied; more than all delays together. */
  behindMs?: number;
  /** How far back logs are read. */
  windowMs?: number;
  /** How many of a log's newest events are read at most. */
  maxEvents?: number;
}

const defaults = { behindMs: 300_000, windowMs: 86_400_000, maxEvents: 100_000 };

const pageSize = 5_000;
/** Up to this many streams of a consumer are listed; more are summarised in one line. */
const maxNamed = 20;

/**
 * Compares the progress of each consumer with the log that it consumes, and reports stalled streams: an event older than
 * `behindMs` was published and is not applied, and neither the consumer's queue nor the delays, the dead letters or the
 * inbox hold it. Its message was removed manually, or lost.
 *
 * Only the end of each log is read, backwards by its key, and only these streams are looked up in the inboxes: the cost is
 * that of the recent events, however long the logs are.
 */
export async function compareProgress(options: ProgressOptions): Promise<Drift[]> {
  const drift: Drift[] = [];
  for (const log of new Set(options.readers.map((reader) => reader.log))) {
    const events = await recentEvents(options, log);
    for (const reader of options.readers.filter((one) => one.log === log))
      drift.push(...driftOf(reader, await stalledStreams(options, reader, events)));
  }
  return drift;
}

/** The events of a log within the window that are old enough, the newest first. */
async function recentEvents(options: ProgressOptions, log: Queryable): Promise<store.LogEvent[]> {
  const { behindMs, windowMs, maxEvents } = { ...defaults, ...options };
  const events: store.LogEvent[] = [];
  let before: number | undefined;
  for (let read = 0; read < maxEvents; read += pageSize) {
    const limit = Math.min(pageSize, maxEvents - read);
    const page = await store.selectLogBackwards(log, before, { behindMs, windowMs, limit });
    events.push(...page.filter(({ isOld, isBefore }) => isOld && !isBefore));
    const last = page.at(-1);
    if (page.length < limit || !last || last.isBefore) break;
    before = last.position;
  }
  return events;
}

/** The first missing version of a stream, and its position in the log. */
type Missing = StreamPosition & { position: number };

async function stalledStreams(
  { link, delaysMs }: ProgressOptions,
  reader: ComparedConsumer,
  events: readonly store.LogEvent[],
): Promise<Missing[]> {
  const { subscription, inbox, log } = reader;
  const { name, exchange } = subscription;
  const consumed = events.filter(({ type }) => isBound(subscription.bindings, type));
  const findMissing = () => firstMissing(inbox, subscription, consumed);
  const found = await findMissing();
  if (found.length === 0) return [];
  const published = await store.selectPublishedPositions(log, exchange.name, found);
  const lost = await store.withoutParked(inbox, name, published);
  const held = lost.length > 0 ? await streamsInQueues(link, reader, delaysMs) : undefined;
  if (!held) return [];
  // Checked twice: what a consumer was processing at first has been applied since.
  const still = new Set((await findMissing()).map(keyOf));
  const isLost = new Set(lost.map(keyOf));
  return published.filter((one) => {
    const key = keyOf(one);
    return isLost.has(key) && still.has(key) && !held.has(one.stream);
  });
}

const keyOf = ({ stream, version }: StreamPosition): string => `${stream} ${version}`;

/** A binding is an event type, or `stream.#` for all types of a stream. */
const isBound = (bindings: readonly string[], type: string): boolean =>
  bindings.some((binding) => (binding.endsWith('.#') ? type.startsWith(binding.slice(0, -1)) : binding === type));

/** The first version in each stream that a subscription has not processed, if there is one. */
async function firstMissing(
  db: Queryable,
  { name, kind }: Listener['subscription'],
  events: readonly store.LogEvent[],
): Promise<StreamPosition[]> {
  if (kind === 'ordered') return behindProjection(db, name, events);
  // A reaction ignores what happened before it was first deployed.
  const firstMark = await store.selectFirstMark(db, name);
  const since = firstMark === undefined ? [] : events.filter(({ id }) => id >= firstMark);
  const missing = new Map<string, number>();
  for (const page of pages(since)) {
    for (const { stream, version } of await store.selectUnmarked(db, name, page))
      missing.set(stream, Math.min(version, missing.get(stream) ?? version));
  }
  return Array.from(missing, ([stream, version]) => ({ stream, version }));
}

async function behindProjection(
  db: Queryable,
  name: string,
  events: readonly store.LogEvent[],
): Promise<StreamPosition[]> {
  const heads = new Map<string, number>();
  for (const { stream, version } of events) heads.set(stream, Math.max(version, heads.get(stream) ?? 0));
  const behind: StreamPosition[] = [];
  for (const page of pages([...heads])) {
    const applied = await appliedVersions(
      db,
      name,
      page.map(([stream]) => stream),
    );
    for (const [stream, head] of page) {
      const version = (applied.get(stream) ?? 0) + 1;
      if (version <= head) behind.push({ stream, version });
    }
  }
  return behind;
}

function* pages<T>(items: readonly T[]): Generator<T[]> {
  for (let at = 0; at < items.length; at += pageSize) yield items.slice(at, at + pageSize);
}

function driftOf({ queue, subscription }: ComparedConsumer, missing: readonly Missing[]): Drift[] {
  const replay = (what: string): string =>
    `npm run sagaworks -- outbox replay ${subscription.exchange.producer} ${what} --queue ${queue}`;
  const [first] = missing;
  if (!first) return [];
  if (missing.length > maxNamed) {
    const detail = `${missing.length} streams are stalled, ${first.stream} first, and no queue holds their next event`;
    return [{ kind: 'behind', about: queue, detail, repair: replay(`--from ${first.position}`) }];
  }
  return missing.map(({ stream, version }) => ({
    kind: 'behind',
    about: stream,
    detail: `${queue} has not applied version ${version}, and no queue holds it`,
    repair: replay(`--stream ${stream} --from ${version}`),
  }));
}
