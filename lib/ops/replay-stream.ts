import { toMessage } from '../broker/envelope';
import type { Publisher } from '../broker/publisher';
import { retry } from '../broker/topology';
import { fail } from '../errors/errors';
import { selectStream } from '../eventlog/store';
import type { Replayed } from './outbox';
import type { Log } from './readers';

/** From which version on, and to which queue; from the first one, and to everybody, unless said otherwise. */
export interface StreamReplay {
  version?: number | undefined;
  queue?: string | undefined;
}

const batchSize = 500;

/**
 * Publishes the events of one stream again, in order. Ids and versions are the same, so consumers drop what they had, and
 * the relay's own publication of what it has not reached yet.
 * @throws `not-found` when the log has no such events.
 */
export async function replayStream(
  publisher: Publisher,
  { db, exchange, source }: Log,
  stream: string,
  { version = 1, queue }: StreamReplay,
): Promise<Replayed> {
  let published = 0;
  for (let after = version - 1; ;) {
    const events = await selectStream(db, stream, { afterVersion: after, limit: batchSize });
    await Promise.all(
      events.map((event) => {
        const message = toMessage({ ...event, data: JSON.stringify(event.data) }, { exchange, source });
        return publisher.publish(queue === undefined ? message : { ...message, exchange: retry, routingKey: queue });
      }),
    );
    published += events.length;
    const last = events.at(-1);
    if (last && events.length === batchSize) after = last.version;
    else if (published > 0) return { published, unpublished: 0, heldBack: 0, parked: 0 };
    else throw fail('not-found', `The log of ${exchange} has no ${stream} from version ${version} on`);
  }
}
