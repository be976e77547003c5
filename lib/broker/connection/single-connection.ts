import { connect, type Channel, type ChannelModel } from 'amqplib';
import { fail } from '../../errors/errors';
import { close } from './closing';

/**
 * Works with one connection that is not made again: for who can begin anew by himself, a command line for instance.
 * @throws `unavailable` when the broker does not answer.
 */
export async function withConnection<T>(amqpUrl: string, use: (connection: ChannelModel) => Promise<T>): Promise<T> {
  const connection = await connect(amqpUrl, { timeout: 5_000 }).catch((error: unknown) => {
    throw fail('unavailable', `RabbitMQ does not answer at ${new URL(amqpUrl).host}: ${(error as Error).message}`);
  });
  connection.on('error', () => undefined); // The call that failed tells.
  try {
    return await use(connection);
  } finally {
    await close(connection);
  }
}

/** Works with a channel of its own: one that the broker closes takes nothing else with it. */
export async function withChannel<T>(connection: ChannelModel, use: (channel: Channel) => Promise<T>): Promise<T> {
  const channel = await connection.createChannel();
  channel.on('error', () => undefined); // The call that failed tells.
  try {
    return await use(channel);
  } finally {
    await close(channel);
  }
}
