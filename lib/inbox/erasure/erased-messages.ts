import { peekMessages } from '../../broker/peek-messages';
import type { Broker } from '../../broker/connection/connection';
import { deadLetterQueue } from '../../broker/topology/topology';
import type { Database } from '../../db/database';
import { hasErasures, selectBeforeErasure } from './erased-streams-store';
import type { IncomingMessage } from '../message';
import type { StreamPosition } from '../store';
import type { Subscription } from '../subscription/subscription';

/** Dead letters looked at in one call. */
const maxPeeked = 10_000;

interface PurgeOptions {
  broker: Pick<Broker, 'consuming'>;
  database: Pick<Database<unknown>, 'kysely'>;
  subscription: Pick<Subscription, 'name'>;
}

/**
 * Returns a function that discards the dead letters of a queue that precede an erasure in their stream, because they
 * hold erased personal data. Those that an operator holds at that moment are discarded by the next call. It rejects
 * with `unavailable` while the broker is unreachable.
 */
export function createPurge({ broker, database, subscription: { name } }: PurgeOptions, queue: string) {
  const db = database.kysely;
  return async (): Promise<void> => {
    if (!(await hasErasures(db, name))) return;
    await peekMessages(broker.consuming, deadLetterQueue(queue), maxPeeked, async (peeked) => {
      const positions = peeked.flatMap(({ message }) => positionOf(message) ?? []);
      const erased = new Set((await selectBeforeErasure(db, name, positions)).map(textOf));
      for (const one of peeked) {
        const position = positionOf(one.message);
        if (position && erased.has(textOf(position))) one.take();
      }
    });
  };
}

const textOf = ({ stream, version }: StreamPosition): string => `${stream}/${version}`;

/** Undefined for a message that is not an event. */
function positionOf({ properties }: Pick<IncomingMessage, 'properties'>): StreamPosition | undefined {
  const stream = properties.headers?.['cloudEvents:partitionkey'];
  const version = Number(properties.headers?.['cloudEvents:sequence']);
  return typeof stream === 'string' && Number.isSafeInteger(version) ? { stream, version } : undefined;
}
