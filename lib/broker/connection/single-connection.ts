import { connect, type Channel, type ChannelModel } from 'amqplib';
import { platformError } from '../../errors/errors';
import { brokerAddressOf, brokerReason, firstUrlOf, type BrokerUrl } from './address';

/**
 * Runs `use` on a connection that does not reconnect: for callers that can simply start over, such as a CLI.
 * @throws `unavailable` when the broker does not answer.
 */
export async function withConnection<T>(broker: BrokerUrl, use: (connection: ChannelModel) => Promise<T>): Promise<T> {
  const url = firstUrlOf(broker);
  const { tls } = brokerAddressOf(broker).current();
  const connection = await connect(url, { ...tls?.options, timeout: 5_000 }).catch((error: unknown) => {
    throw platformError('unavailable', `RabbitMQ does not answer at ${new URL(url).host}: ${brokerReason(error, tls)}`);
  });
  connection.on('error', () => undefined); // The call that failed reports it.
  try {
    return await use(connection);
  } finally {
    await close(connection);
  }
}

/** Runs `use` on a channel of its own: when the broker closes it, no other channel is affected. */
export async function withChannel<T>(connection: ChannelModel, use: (channel: Channel) => Promise<T>): Promise<T> {
  const channel = await connection.createChannel();
  channel.on('error', () => undefined); // The call that failed reports it.
  try {
    return await use(channel);
  } finally {
    await close(channel);
  }
}

/**
 * Closes a channel or a connection, which may be closed already, or be lost while it is closing: then amqplib's own
 * promise would never settle, but the event is emitted.
 */
export async function close(target: Channel | ChannelModel): Promise<void> {
  const closed = new Promise<void>((resolve) => target.once('close', () => resolve()));
  await Promise.race([target.close(), closed]).catch(() => undefined); // It is closed already.
}
