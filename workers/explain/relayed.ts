import type { RecordedEvent } from '../../lib/eventlog/events';
import type { Published } from '../../lib/eventlog/trace-store';
import type { Happening } from './happening';

const states: Record<Published['state'], string> = {
  confirmed: 'confirmed by the broker',
  waiting: 'not published yet',
  refused: 'refused by a queue, and tried again',
  'set apart': 'set apart, as no message can be made of it',
};

/**
 * How far the events of a service have come on their way to the broker: one line for those that are confirmed, one for
 * each of the others. When an event was confirmed is not recorded, so the lines have the time of the event.
 */
export function relayed(
  service: string,
  events: readonly RecordedEvent[],
  published: readonly Published[],
): Happening[] {
  const found = new Map(published.map((one) => [one.id, one]));
  const confirmed = events.filter(({ id }) => found.get(id)?.state === 'confirmed');
  const last = confirmed.at(-1);
  const others = events.flatMap((event) => {
    const state = found.get(event.id);
    return state === undefined || state.state === 'confirmed' ? [] : [lineOf(event, state)];
  });
  if (!last) return others;
  const count = `${confirmed.length} event${confirmed.length === 1 ? '' : 's'}`;
  const text = `${count} of ${service} published, and confirmed by the broker`;
  return [...others, { at: last.time, source: 'relay', kind: 'confirmed', text, after: last.id }];
}

const lineOf = ({ id, type, time }: RecordedEvent, { state, reason, tries }: Published): Happening => ({
  at: time,
  source: 'relay',
  kind: state,
  text: `"${type}" is ${states[state]}`,
  after: id,
  ...(reason ? { why: reason } : {}),
  ...(tries === null || tries === undefined ? {} : { details: { attempts: tries } }),
});
