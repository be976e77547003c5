import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exchanges } from '../../contracts/events';
import type { EventContract } from '../../lib/events/define';
import type { Plan } from './plan';

const folder = join('contracts', 'events');

/** The contracts of the events that a new service listens to, by path: from now on these events need a subscriber. */
export function contractsHeardBy({ exchange, stream }: Plan): Map<string, string> {
  const events: readonly EventContract[] = exchanges[exchange].events;
  const types = events.filter((event) => event.stream === stream && event.isOptional).map(({ type }) => type);
  const changed = new Map<string, string>();
  for (const path of readdirSync(folder).map((name) => join(folder, name))) {
    const before = readFileSync(path, 'utf8');
    const after = types.reduce(withSubscriber, before);
    if (after !== before) changed.set(path, after);
  }
  return changed;
}

/** Takes the word out of the definition of this type. */
const withSubscriber = (content: string, type: string): string => {
  const begin = content.indexOf(`defineEvent('${type}', {`);
  const end = content.indexOf('\n});', begin);
  if (begin < 0) return content;
  return (
    content.slice(0, begin) + content.slice(begin, end).replace(/\n *subscribers: 'optional',/, '') + content.slice(end)
  );
};
