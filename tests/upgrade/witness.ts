import { connect } from 'amqplib';

/** Hears everything that is published from its start on. */
export interface Witness {
  /** The ids of what was published, in that order. */
  heard(): readonly string[];
  close(): Promise<void>;
}

/** Listens beside the platform's own queues. */
export async function startWitness(amqpUrl: string, exchanges: readonly string[]): Promise<Witness> {
  const connection = await connect(amqpUrl);
  const channel = await connection.createChannel();
  const { queue } = await channel.assertQueue('', { exclusive: true });
  for (const exchange of exchanges) await channel.bindQueue(queue, exchange, '#');
  const ids: string[] = [];
  await channel.consume(queue, (message) => void ids.push(String(message?.properties.messageId)), { noAck: true });
  return { heard: () => ids, close: () => connection.close() };
}
