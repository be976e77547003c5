import type { Queryable } from '../../lib/db/database';
import { classify } from '../../lib/errors/classify';
import { firstLine, together, type Break, type Checked } from './breaks';
import type { Listener } from './consumers';
import { selectParked, type ParkedHere } from './store';

/** Of an inbox, no more than that are looked at. */
const most = 1_000;

/** Parses the events that wait in the inboxes. @param dbOf the database of a service. */
export async function checkParked(
  listeners: readonly Listener[],
  dbOf: (service: string) => Queryable,
): Promise<Checked> {
  const parts: Checked[] = [];
  for (const listener of listeners) {
    const { parked, all } = await selectParked(dbOf(listener.service), listener.subscription.name, most);
    const breaks = parked.flatMap((one) => breakOf(one, listener) ?? []);
    parts.push({ looked: parked.length, of: all, breaks });
  }
  return together(parts);
}

function breakOf({ stream, version, event }: ParkedHere, { subscription, service }: Listener): Break | undefined {
  try {
    subscription.parse(event);
    return undefined;
  } catch (error) {
    // It waits for a newer code than this one, and goes on waiting.
    if (classify(error).code === 'unknown-event-version') return undefined;
    const about = `version ${version} of ${stream} at ${service}`;
    return { kind: 'parked', about, detail: firstLine(error) };
  }
}
