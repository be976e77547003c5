import type { GetMessage } from 'amqplib';
import { borrowMessages } from '../../lib/broker/borrow';
import type { Link } from '../../lib/broker/connection';
import { fromMessage } from '../../lib/broker/envelope';
import { deadLetterQueue } from '../../lib/broker/topology';
import { queueOf } from '../../lib/inbox/consumer';
import { failureHeaders } from '../../lib/inbox/failures';
import type { Subscription } from '../../lib/inbox/subscription';
import { bridgeShape } from '../bridge/bridge';
import { consumerName } from '../processes/consumer';
import { bridgeName } from '../roles';
import { services } from '../services';
import { firstLine, together, type Break, type Checked } from './breaks';

/** Of a queue, no more than that are looked at. */
const most = 1_000;

/** Parses the messages that wait in every queue of the platform, the dead letters too, and leaves them where they are. */
export async function checkMessages(link: Link): Promise<Checked> {
  const subscriptions = [
    ...services.flatMap(({ name, subscriptions: heard }) => heard.map((one) => [consumerName(name), one] as const)),
    ...bridgeShape().map((one) => [bridgeName, one] as const),
  ];
  const parts: Checked[] = [];
  for (const [consumer, subscription] of subscriptions) {
    const { queue } = queueOf(consumer, subscription);
    for (const name of [queue, deadLetterQueue(queue)]) parts.push(await checkQueue(link, name, subscription));
  }
  return together(parts);
}

const checkQueue = (link: Link, queue: string, subscription: Subscription): Promise<Checked> =>
  borrowMessages(link, queue, most, (borrowed) => {
    const messages = borrowed.map(({ message }) => message).filter((message) => !isInvalid(message));
    const breaks = messages.flatMap((message) => breakOf(message, queue, subscription) ?? []);
    return Promise.resolve({ looked: messages.length, breaks });
  });

/** A dead letter that could never be read does not break now. */
const isInvalid = ({ properties }: GetMessage): boolean =>
  properties.headers?.[failureHeaders.reason] === 'invalid-message';

function breakOf(message: GetMessage, queue: string, subscription: Subscription): Break | undefined {
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
