import { toMessageAgain } from '../broker/envelope';
import type { Publisher } from '../broker/publisher';
import { retry } from '../broker/topology';
import { fail } from '../errors/errors';
import type { Reader } from './readers';
import { skipToParked } from './store';

/**
 * Lets go what waits in a stream although its predecessors are missing: a projection moves over them as if they had
 * been applied, and the first parked event is sent to its queue, where the consumer goes on from there.
 * Gives back how many versions were skipped.
 * @throws `not-found` when nothing is parked there.
 */
export async function releaseParked(publisher: Publisher, reader: Reader, stream: string): Promise<number> {
  const { db, subscription, queue } = reader;
  const first = await skipToParked(db, subscription, stream);
  if (!first) throw fail('not-found', `Nothing of ${stream} is parked in ${queue}`);
  const { event, skipped } = first;
  const message = toMessageAgain({ ...event, time: new Date(event.time) }, subscription.exchange.name);
  await publisher.publish({ ...message, exchange: retry, routingKey: queue });
  return skipped;
}
