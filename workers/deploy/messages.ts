import type { GetMessage } from 'amqplib';
import { peekMessages } from '../../lib/broker/peek-messages';
import type { Link } from '../../lib/broker/connection/link';
import { countMessages } from '../../lib/broker/migration/count-messages';
import { fromMessage } from '../../lib/events/envelope';
import { versionsOf } from '../../lib/broker/topology/queue-versions';
import { deadLetterQueue, delayExchange } from '../../lib/broker/topology/topology';
import { failureHeaders } from '../../lib/inbox/failure/failure-headers';
import type { SubscriptionDeclaration } from '../../lib/inbox/subscription/subscription';
import { firstLine, mergeResults, type Incompatibility, type CheckResult } from './check-result';
import type { Listener } from './consumers';

/** How many messages of a queue are checked at most. */
const maxMessages = 1_000;

/**
 * Parses the messages in every queue of the platform, dead letters and delayed retries included, and leaves them there.
 * @param delaysMs the delays before messages are retried.
 */
export async function checkMessages(
  link: Link,
  listeners: readonly Listener[],
  delaysMs: readonly number[],
): Promise<CheckResult> {
  const parts: CheckResult[] = [];
  for (const { queue, formerly = [], subscription } of listeners) {
    for (const name of [queue, ...formerly].flatMap((one) => [one, deadLetterQueue(one)]))
      parts.push(await checkQueue(link, name, () => subscription));
  }
  const byQueue = new Map(
    listeners.flatMap(({ queue, formerly = [], subscription }) =>
      [...versionsOf(queue), ...formerly].map((name) => [name, subscription]),
    ),
  );
  for (const name of delaysMs.map(delayExchange))
    parts.push(await checkQueue(link, name, ({ fields }) => byQueue.get(fields.routingKey)));
  return mergeResults(parts);
}

/** @param readerOf the subscription that a message is for; without one it is not checked. */
async function checkQueue(
  link: Link,
  queue: string,
  readerOf: (message: GetMessage) => SubscriptionDeclaration | undefined,
): Promise<CheckResult> {
  const messageCount = await countMessages(link, queue);
  // The queue is new in this code, or renamed by it, so it does not exist yet.
  if (messageCount === undefined) return { looked: 0, of: 0, breaks: [] };
  return peekMessages(link, queue, maxMessages, (peeked) => {
    const breaks = peeked.flatMap(({ message }) => {
      const reader = isInvalid(message) ? undefined : readerOf(message);
      return (reader && incompatibilityOf(message, queue, reader)) ?? [];
    });
    return Promise.resolve({ looked: peeked.length, of: Math.max(messageCount, peeked.length), breaks });
  });
}

/** A dead letter that was invalid before is not incompatible now. */
const isInvalid = ({ properties }: GetMessage): boolean =>
  properties.headers?.[failureHeaders.reason] === 'invalid-message';

function incompatibilityOf(
  message: GetMessage,
  queue: string,
  subscription: SubscriptionDeclaration,
): Incompatibility | undefined {
  const { exchange } = subscription;
  const about = `${String(message.properties.messageId)} in ${queue}`;
  try {
    const event = fromMessage(message);
    if (exchange.events.some(({ type }) => type === event.type)) subscription.parse(event);
    else return { kind: 'message', about, detail: `${event.type} is no longer an event of ${exchange.name}` };
    return undefined;
  } catch (error) {
    return { kind: 'message', about, detail: firstLine(error) };
  }
}
