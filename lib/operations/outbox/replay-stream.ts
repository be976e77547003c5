import { toMessage } from '../../events/envelope';
import type { Publisher } from '../../broker/publishing/publisher';
import { retry } from '../../broker/topology/topology';
import { classify } from '../../errors/classify';
import { platformError } from '../../errors/errors';
import type { RecordedEvent } from '../../eventlog/events';
import { selectStream } from '../../eventlog/store';
import type { Replayed } from './outbox';
import type { Log } from '../readers';
import { selectParkedAt } from './replay-store';

/** The first version to publish, by default 1, and the queue, by default all. */
export interface StreamReplay {
  version?: number | undefined;
  queue?: string | undefined;
}

const batchSize = 500;

/**
 * Publishes the events of one stream again, in order. Ids and versions are the same, so consumers drop what they have
 * applied, and what the relay has yet to publish. Events of which no message can be made are left out and counted.
 * @throws `not-found` when the log has no such events.
 */
export async function replayStream(
  publisher: Publisher,
  { db, exchange, source }: Log,
  stream: string,
  { version = 1, queue }: StreamReplay,
): Promise<Replayed> {
  /** False when no message can be made of it. */
  async function publish(event: RecordedEvent): Promise<boolean> {
    const message = toMessage({ ...event, data: JSON.stringify(event.data) }, { exchange, source });
    try {
      await publisher.publish(queue === undefined ? message : { ...message, exchange: retry, routingKey: queue });
      return true;
    } catch (error) {
      if (classify(error).code !== 'invalid-message') throw error;
      return false;
    }
  }

  let [published, parked] = [0, 0];
  for (let after = version - 1; ;) {
    const events = await selectStream(db, stream, { afterVersion: after, limit: batchSize });
    const positions = events.map(({ position }) => position);
    const setApart = await selectParkedAt(db, exchange, positions);
    const outcomes = await Promise.all(
      events.map(async (event) => !setApart.has(event.position) && (await publish(event))),
    );
    const sent = outcomes.filter(Boolean).length;
    published += sent;
    parked += events.length - sent;
    const last = events.at(-1);
    if (last && events.length === batchSize) after = last.version;
    else if (published + parked > 0) return { published, unpublished: 0, heldBack: 0, parked };
    else throw platformError('not-found', `${stream} has no version ${version} or later in the log of ${exchange}`);
  }
}
