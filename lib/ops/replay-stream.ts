import { toMessage } from '../broker/envelope';
import type { Publisher } from '../broker/publisher';
import { retry } from '../broker/topology';
import { fail } from '../errors/errors';
import { selectStream } from '../eventlog/store';
import type { Replayed } from './outbox';
import type { Log } from './readers';
import { selectParkedAt } from './replay-store';

/** From which version on, and to which queue; from the first one, and to everybody, unless said otherwise. */
export interface StreamReplay {
  version?: number | undefined;
  queue?: string | undefined;
}

const batchSize = 500;

/**
 * Publishes the events of one stream again, in order. Ids and versions are the same, so consumers drop what they had, and
 * the relay's own publication of what it has not reached yet. What the relay has set aside is left out and counted.
 * @throws `not-found` when the log has no such events.
 */
export async function replayStream(
  publisher: Publisher,
  { db, exchange, source }: Log,
  stream: string,
  { version = 1, queue }: StreamReplay,
): Promise<Replayed> {
  let [published, parked] = [0, 0];
  for (let after = version - 1; ;) {
    const events = await selectStream(db, stream, { afterVersion: after, limit: batchSize });
    const positions = events.map(({ position }) => position);
    const setAside = await selectParkedAt(db, exchange, positions);
    const messages = events
      .filter(({ position }) => !setAside.has(position))
      .map((event) => toMessage({ ...event, data: JSON.stringify(event.data) }, { exchange, source }));
    await Promise.all(
      messages.map((message) =>
        publisher.publish(queue === undefined ? message : { ...message, exchange: retry, routingKey: queue }),
      ),
    );
    published += messages.length;
    parked += events.length - messages.length;
    const last = events.at(-1);
    if (last && events.length === batchSize) after = last.version;
    else if (published + parked > 0) return { published, unpublished: 0, heldBack: 0, parked };
    else throw fail('not-found', `The log of ${exchange} has no ${stream} from version ${version} on`);
  }
}
