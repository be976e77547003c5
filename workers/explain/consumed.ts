import type { RecordedEvent } from '../../lib/eventlog/events';
import type { Consumed } from '../../lib/inbox/trace-store';
import type { DeadLetter } from '../../lib/operations/dead-letters/dead-letters';
import type { Reader } from '../../lib/operations/readers';
import type { Subscription } from '../../lib/inbox/subscription/subscription';
import type { Happening } from './happening';

/** The part of a consumer that its lines need. */
export type ConsumerOf = Pick<Reader, 'service' | 'queue'> & {
  subscription: Pick<Reader['subscription'], 'name' | 'kind' | 'handlerOf'>;
};

const reasons: Readonly<Record<string, string>> = {
  early: 'the event before it has not arrived',
  'unknown-event-version': 'this version of the platform does not know the event',
  'behind-a-failure': 'an earlier event has failed',
};

/** Whether a queue receives events of a type, and its consumer does something with them. */
export const hears = ({ bindings, handlerOf }: Pick<Subscription, 'bindings' | 'handlerOf'>, type: string): boolean =>
  handlerOf(type) !== undefined &&
  bindings.some((binding) => binding === type || (binding.endsWith('.#') && type.startsWith(binding.slice(0, -1))));

/** The events that a consumer should have applied by now, and has not: they are in its queue, or dead letters. */
export function missingFrom(
  { subscription }: ConsumerOf,
  events: readonly RecordedEvent[],
  { streams, processed, parked }: Consumed,
): RecordedEvent[] {
  const reached = new Map(streams.map(({ stream, version }) => [stream, version]));
  const known = new Set([...processed, ...parked].map(({ id }) => id));
  return events.filter(
    ({ id, type, stream, version }) =>
      subscription.handlerOf(type) !== undefined && !known.has(id) && (reached.get(stream) ?? 0) < version,
  );
}

/** What a consumer has done with the events about an order. */
export function consumed(
  consumer: ConsumerOf,
  events: readonly RecordedEvent[],
  state: Consumed,
  deadLetters: readonly Pick<DeadLetter, 'id' | 'attempts' | 'lastError' | 'lastFailedAt' | 'reason'>[],
): Happening[] {
  const byId = new Map(events.map((event) => [event.id, event]));
  const { service, queue, subscription } = consumer;
  const about = (kind: string, id: string, said: Pick<Happening, 'at' | 'text'> & Partial<Happening>): Happening => ({
    source: 'consumer',
    kind,
    after: id,
    ...said,
    details: { queue, subscription: subscription.name, ...said.details },
  });
  const name = (id: string): string => `"${byId.get(id)?.type ?? 'an event'}"`;
  const isHandled = (id: string): boolean => {
    const type = byId.get(id)?.type;
    return type !== undefined && subscription.handlerOf(type) !== undefined;
  };
  const dead = new Map(deadLetters.map((one) => [one.id, one]));
  return [
    ...state.processed
      .filter(({ id }) => isHandled(id))
      .map(({ id, at }) => about('applied', id, { at, text: `${service} has processed ${name(id)}` })),
    ...upTo(consumer, events, state).map(({ id, ...said }) => about('applied', id, said)),
    ...state.parked.map(({ id, at, reason }) =>
      about('parked', id, { at, text: `${service} keeps ${name(id)} waiting`, why: reasons[reason] ?? reason }),
    ),
    ...[...dead.values()].map(({ id, attempts, lastError, lastFailedAt, reason }) =>
      about('dead', id, {
        at: lastFailedAt === undefined ? (byId.get(id)?.time ?? new Date(0)) : new Date(lastFailedAt),
        text: `${service} could not process ${name(id)}: it is a dead letter`,
        why: lastError ?? reason,
        details: { attempts },
      }),
    ),
    ...missingFrom(consumer, events, state)
      .filter(({ id }) => !dead.has(id))
      .map(({ id, time }) => about('waiting', id, { at: time, text: `${service} has not processed ${name(id)} yet` })),
  ];
}

/** A read model says up to which version it has applied a stream, and not when. */
function upTo({ service }: ConsumerOf, events: readonly RecordedEvent[], { streams }: Consumed) {
  return streams.flatMap(({ stream, version }) => {
    const ofStream = events.filter((event) => event.stream === stream);
    const last = ofStream.at(-1);
    const applied = ofStream.filter((event) => event.version <= version).at(-1);
    if (!last || !applied) return [];
    const text =
      version >= last.version
        ? `${service} is up to date (version ${version} of ${stream.split('-')[0] ?? stream})`
        : `${service} is behind, at version ${version} of ${last.version}`;
    return [{ id: applied.id, at: applied.time, text }];
  });
}
