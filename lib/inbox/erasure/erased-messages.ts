import { peekMessages } from '../../broker/peek-messages';
import type { Broker } from '../../broker/connection/connection';
import { deadLetterQueue } from '../../broker/topology/topology';
import type { Database } from '../../db/database';
import { hasErased, selectSuperseded } from './erased-streams-store';
import type { IncomingMessage } from '../failure/failures';
import type { Position } from '../store';
import type { Subscription } from '../subscription/subscription';

/** More dead letters than that are not looked at in one go. */
const most = 10_000;

interface ForgetOptions {
  broker: Pick<Broker, 'consuming'>;
  database: Pick<Database<unknown>, 'kysely'>;
  subscription: Pick<Subscription, 'name'>;
}

/**
 * Makes what throws away the dead letters of a queue that come before an erasure in their stream: they tell of somebody
 * whom nobody is to know any more. Those that an operator holds at that moment go the next time. It rejects with
 * `unavailable` while the broker is away.
 */
export function createForget({ broker, database, subscription: { name } }: ForgetOptions, queue: string) {
  const db = database.kysely;
  return async (): Promise<void> => {
    if (!(await hasErased(db, name))) return;
    await peekMessages(broker.consuming, deadLetterQueue(queue), most, async (peeked) => {
      const places = peeked.flatMap(({ message }) => placeOf(message) ?? []);
      const superseded = new Set((await selectSuperseded(db, name, places)).map(textOf));
      for (const one of peeked) {
        const place = placeOf(one.message);
        if (place && superseded.has(textOf(place))) one.take();
      }
    });
  };
}

const textOf = ({ stream, version }: Position): string => `${stream}/${version}`;

/** Undefined for what is no event. */
function placeOf({ properties }: Pick<IncomingMessage, 'properties'>): Position | undefined {
  const stream = properties.headers?.['cloudEvents:partitionkey'];
  const version = Number(properties.headers?.['cloudEvents:sequence']);
  return typeof stream === 'string' && Number.isSafeInteger(version) ? { stream, version } : undefined;
}
