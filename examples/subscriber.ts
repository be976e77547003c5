/*
 * A subscriber that owns everything it needs: queue, retries, dead letters, memory of what it has seen.
 * RABBITMQ_URL=amqp://guest:guest@127.0.0.1:5672 npx tsx examples/subscriber.ts [--fail-on order.cancelled]
 */
import { connect, type ConsumeMessage } from 'amqplib';

const queue = 'example-order-events';
const attempts = 3;
/** The data versions that this code was written for: 1 where nothing is said. */
const written: Record<string, number> = { 'order.created': 3 };
const failOn = process.argv[process.argv.indexOf('--fail-on') + 1];

/** Another attempt makes no sense: only newer code can read it. */
class Unreadable extends Error {}

/** Takes older versions, and newer ones that say that this code can read them; what it does not know it leaves out. */
function mustBeReadable(type: string, headers: Record<string, unknown>): void {
  const version = Number(headers['cloudEvents:dataversion']);
  const compatible = Number(headers['cloudEvents:compatibleversion'] ?? version);
  if (Math.min(version, compatible) <= (written[type] ?? 1)) return;
  throw new Unreadable(`${type} version ${version} is newer than this code`);
}

/** Your own work. Do it in the transaction that also remembers the event's id. */
function handle(type: string, data: { orderId: string }, version: number): void {
  if (type === failOn) throw new Error(`${type} is not wanted here`);
  process.stdout.write(`${JSON.stringify({ handled: type, orderId: data.orderId, version })}\n`);
}

async function main(): Promise<void> {
  const connection = await connect(process.env['RABBITMQ_URL'] ?? 'amqp://guest:guest@127.0.0.1:5672');
  const channel = await connection.createConfirmChannel();
  const quorum = { 'x-queue-type': 'quorum', 'x-overflow': 'reject-publish' };
  await channel.assertQueue(queue, { arguments: quorum });
  await channel.assertQueue(`${queue}-dead`, { arguments: quorum });
  // What waits here comes back to the queue after a second, by the default exchange.
  // It leaves there only once it is safe in the queue again.
  const back = {
    'x-dead-letter-exchange': '',
    'x-dead-letter-routing-key': queue,
    'x-dead-letter-strategy': 'at-least-once',
  };
  await channel.assertQueue(`${queue}-retry`, { arguments: { ...quorum, ...back, 'x-message-ttl': 1_000 } });
  await channel.bindQueue(queue, 'order-events', 'order.#');
  await channel.prefetch(20);

  /** In a real subscriber this is a table, kept longer than messages can come back. */
  const seen = new Set<string>();

  const apply = (message: ConsumeMessage): void => {
    const headers: Record<string, unknown> = { ...message.properties.headers };
    const id = String(headers['cloudEvents:id']);
    if (seen.has(id)) return;
    const type = String(headers['cloudEvents:type']);
    mustBeReadable(type, headers);
    const data = JSON.parse(message.content.toString()) as { orderId: string };
    handle(type, data, Number(headers['cloudEvents:sequence']));
    seen.add(id);
  };

  /** The ids of messages that no queue took: told before the confirm. */
  const returned = new Set<string>();
  channel.on('return', ({ properties }: ConsumeMessage) => returned.add(String(properties.messageId)));

  /** Sent on with a confirm before it is acknowledged: never lost in between. */
  const sendOn = (message: ConsumeMessage, error: Error): void => {
    const headers: Record<string, unknown> = { ...message.properties.headers };
    const failed = Number(headers['example-attempts'] ?? 0) + 1;
    const to = failed < attempts && !(error instanceof Unreadable) ? `${queue}-retry` : `${queue}-dead`;
    const story = { ...headers, 'example-attempts': failed, 'example-error': error.message };
    const messageId = String(message.properties.messageId);
    const correlationId = String(message.properties.correlationId);
    const properties = { messageId, correlationId, headers: story, persistent: true, mandatory: true };
    channel.sendToQueue(to, message.content, properties, (refused: unknown) => {
      // Refused, or no queue took it: the broker delivers it again.
      if (refused || returned.delete(messageId)) channel.nack(message);
      else channel.ack(message);
    });
  };

  await channel.consume(queue, (message) => {
    if (!message) process.exit(1); // The queue is gone: whoever supervises this starts it again.
    try {
      apply(message);
      channel.ack(message);
    } catch (error) {
      sendOn(message, error as Error);
    }
  });
  connection.on('close', () => process.exit(1));
  process.stdout.write('{"ready":true}\n');
}

void main();
