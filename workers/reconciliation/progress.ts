import type { Link } from '../../lib/broker/connection/link';
import type { Queryable } from '../../lib/db/database';
import type { StreamPosition } from '../../lib/inbox/store';
import { appliedVersions } from '../../lib/projections/store';
import type { Listener } from '../deploy/consumers';
import type { Drift } from './compare';
import { streamsInQueues } from './in-queues';
import * as store from './progress-store';

/** A consumer with its inbox, and the log that it hears. */
export interface AuditedReader extends Pick<Listener, 'queue' | 'formerly' | 'subscription'> {
  inbox: Queryable;
  log: Queryable;
}

export interface ProgressOptions {
  readers: readonly AuditedReader[];
  link: Link;
  /** How long messages wait before they are tried again. */
  delaysMs: readonly number[];
  /** What is older than this should have been applied; more than all delays together. */
  behindMs?: number;
  /** How far back logs are read. */
  windowMs?: number;
  /** How many events of a log are read at most, the newest. */
  mostEvents?: number;
}

const defaults = { behindMs: 300_000, windowMs: 86_400_000, mostEvents: 100_000 };

const pageSize = 5_000;
/** So many streams of one consumer are named; of more, one line tells. */
const mostNamed = 20;

/**
 * Compares, for each consumer, how far it is in the streams that it hears with the log of their producer, and tells of
 * streams that stand still: something older than `behindMs` was published and is not applied, and neither the consumer's
 * queue nor the delays, the dead letters or the inbox hold it. Messages were removed by hand, or lost.
 *
 * Only the end of each log is read, backwards by its key, and of the inboxes only the streams that were found there: the
 * cost is that of the recent events, however long the logs are.
 */
export async function compareProgress(options: ProgressOptions): Promise<Drift[]> {
  const drift: Drift[] = [];
  for (const log of new Set(options.readers.map((reader) => reader.log))) {
    const events = await recentEvents(options, log);
    for (const reader of options.readers.filter((one) => one.log === log))
      drift.push(...driftOf(reader, await standingStill(options, reader, events)));
  }
  return drift;
}

/** The events of a log that happened within the window and are old enough, the newest first. */
async function recentEvents(options: ProgressOptions, log: Queryable): Promise<store.LogEvent[]> {
  const { behindMs, windowMs, mostEvents } = { ...defaults, ...options };
  const events: store.LogEvent[] = [];
  let before: number | undefined;
  for (let read = 0; read < mostEvents; read += pageSize) {
    const limit = Math.min(pageSize, mostEvents - read);
    const page = await store.selectLogBackwards(log, before, { behindMs, windowMs, limit });
    events.push(...page.filter(({ isOld, isBefore }) => isOld && !isBefore));
    const last = page.at(-1);
    if (page.length < limit || !last || last.isBefore) break;
    before = last.position;
  }
  return events;
}

/** The first missing version of a stream, and its place in the log. */
type Missing = StreamPosition & { position: number };

async function standingStill(
  { link, delaysMs }: ProgressOptions,
  reader: AuditedReader,
  events: readonly store.LogEvent[],
): Promise<Missing[]> {
  const { subscription, inbox, log } = reader;
  const { name, exchange } = subscription;
  const heard = events.filter(({ type }) => hears(subscription.bindings, type));
  const look = () => firstMissing(inbox, subscription, heard);
  const found = await look();
  if (found.length === 0) return [];
  const published = await store.selectPublishedPlaces(log, exchange.name, found);
  const lost = await store.withoutParked(inbox, name, published);
  const held = lost.length > 0 ? await streamsInQueues(link, reader, delaysMs) : undefined;
  if (!held) return [];
  // Once more: what was in a consumer's hands at the first look has been applied since.
  const still = new Set((await look()).map(placeText));
  const isLost = new Set(lost.map(placeText));
  return published.filter((one) => {
    const place = placeText(one);
    return isLost.has(place) && still.has(place) && !held.has(one.stream);
  });
}

const placeText = ({ stream, version }: StreamPosition): string => `${stream} ${version}`;

/** A binding is a type, or `stream.#` for all that begin with it. */
const hears = (bindings: readonly string[], type: string): boolean =>
  bindings.some((binding) => (binding.endsWith('.#') ? type.startsWith(binding.slice(0, -1)) : binding === type));

/** Of each stream the first version that a subscription has not dealt with, where there is one. */
async function firstMissing(
  db: Queryable,
  { name, kind }: Listener['subscription'],
  events: readonly store.LogEvent[],
): Promise<StreamPosition[]> {
  if (kind === 'ordered') return behindProjection(db, name, events);
  // What happened before a reaction was first deployed was never for it.
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

function driftOf({ queue, subscription }: AuditedReader, missing: readonly Missing[]): Drift[] {
  const replay = (what: string): string =>
    `npm run sagaworks -- outbox replay ${subscription.exchange.producer} ${what} --queue ${queue}`;
  const [first] = missing;
  if (!first) return [];
  if (missing.length > mostNamed) {
    const detail = `${missing.length} streams stand still, ${first.stream} the first, and no queue holds their next event`;
    return [{ kind: 'behind', about: queue, detail, repair: replay(`--from ${first.position}`) }];
  }
  return missing.map(({ stream, version }) => ({
    kind: 'behind',
    about: stream,
    detail: `${queue} has not applied version ${version}, and no queue holds it`,
    repair: replay(`--stream ${stream} --from ${version}`),
  }));
}
