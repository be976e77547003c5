import type { Queryable } from '../../lib/db/database';
import { classify } from '../../lib/errors/classify';
import { firstLine, mergeResults, type Incompatibility, type CheckResult } from './check-result';
import type { Listener } from './consumers';
import { selectParked, type ParkedEvent } from './store';

/** How many events of an inbox are checked at most. */
const maxParked = 1_000;

/** Parses the events parked in the inboxes. @param dbOf the database of a service. */
export async function checkParked(
  listeners: readonly Listener[],
  dbOf: (service: string) => Queryable,
): Promise<CheckResult> {
  const parts: CheckResult[] = [];
  for (const listener of listeners) {
    const { parked, all } = await selectParked(dbOf(listener.service), listener.subscription.name, maxParked);
    const breaks = parked.flatMap((one) => incompatibilityOf(one, listener) ?? []);
    parts.push({ looked: parked.length, of: all, breaks });
  }
  return mergeResults(parts);
}

function incompatibilityOf(
  { stream, version, event }: ParkedEvent,
  { subscription, service }: Listener,
): Incompatibility | undefined {
  try {
    subscription.parse(event);
    return undefined;
  } catch (error) {
    // It waits for code newer than this, and continues to wait.
    if (classify(error).code === 'unknown-event-version') return undefined;
    const about = `version ${version} of ${stream} at ${service}`;
    return { kind: 'parked', about, detail: firstLine(error) };
  }
}
