import type { Channel, ChannelModel } from 'amqplib';

/**
 * Closes a channel or a connection, which may be closed already, or break while it is closing: then amqplib's own
 * promise would never settle, but the event comes.
 */
export async function close(target: Channel | ChannelModel): Promise<void> {
  const closed = new Promise<void>((resolve) => target.once('close', () => resolve()));
  await Promise.race([target.close(), closed]).catch(() => undefined); // Closed already.
}
