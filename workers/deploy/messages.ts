import type { GetMessage } from 'amqplib';
import { peekMessages } from '../../lib/broker/peek-messages';
import type { Link } from '../../lib/broker/connection/link';
import { countMessages } from '../../lib/broker/migration/count-messages';
import { fromMessage } from '../../lib/events/envelope';
import { versionsOf } from '../../lib/broker/topology/queue-versions';
import { deadLetterQueue, delayExchange } from '../../lib/broker/topology/topology';
import { failureHeaders } from '../../lib/inbox/failure/failure-headers';
import type { SubscriptionDeclaration } from '../../lib/inbox/subscription/subscription';
import { firstLine, together, type Break, type Checked } from './breaks';
import type { Listener } from './consumers';

/** Of a queue, no more than that are looked at. */
const most = 1_000;

/**
 * Parses the messages that wait in every queue of the platform, the dead letters and those that are tried again later
 * too, and leaves them where they are.
 * @param delaysMs how long messages wait before they are tried again.
 */
export async function checkMessages(
  link: Link,
  listeners: readonly Listener[],
  delaysMs: readonly number[],
): Promise<Checked> {
  const parts: Checked[] = [];
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
  return together(parts);
}

/** @param readerOf whom a message is for; nobody reads it when it is nobody's. */
async function checkQueue(
  link: Link,
  queue: string,
  readerOf: (message: GetMessage) => SubscriptionDeclaration | undefined,
): Promise<Checked> {
  const messageCount = await countMessages(link, queue);
  // This code has it anew, or gives it a name, and is not deployed.
  if (messageCount === undefined) return { looked: 0, of: 0, breaks: [] };
  return peekMessages(link, queue, most, (peeked) => {
    const breaks = peeked.flatMap(({ message }) => {
      const reader = isInvalid(message) ? undefined : readerOf(message);
      return (reader && breakOf(message, queue, reader)) ?? [];
    });
    return Promise.resolve({ looked: peeked.length, of: Math.max(messageCount, peeked.length), breaks });
  });
}

/** A dead letter that could never be read does not break now. */
const isInvalid = ({ properties }: GetMessage): boolean =>
  properties.headers?.[failureHeaders.reason] === 'invalid-message';

function breakOf(message: GetMessage, queue: string, subscription: SubscriptionDeclaration): Break | undefined {
  const { exchange } = subscription;
  const about = `${String(message.properties.messageId)} in ${queue}`;
  try {
    const event = fromMessage(message);
    if (exchange.events.some(({ type }) => type === event.type)) subscription.parse(event);
    else return { kind: 'message', about, detail: `${event.type} is no event of ${exchange.name} any more` };
    return undefined;
  } catch (error) {
    return { kind: 'message', about, detail: firstLine(error) };
  }
}
