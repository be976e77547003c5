import { connect, type Channel } from 'amqplib';
import { declareQueue } from '../lib/broker/topology/declare';
import type { QueueDeclaration } from '../lib/broker/topology/topology';
import { noteEvents } from './notes';

/** The one queue of the measurements; `reader` is its consumer's name. */
export const noteQueue: QueueDeclaration = {
  queue: `reader-${noteEvents.name}`,
  exchange: noteEvents.name,
  bindings: ['note.#'],
};

/** Runs `use` on a channel. */
export async function onBroker<T>(rabbitmqUrl: string, use: (channel: Channel) => Promise<T>): Promise<T> {
  const connection = await connect(rabbitmqUrl);
  try {
    return await use(await connection.createChannel());
  } finally {
    await connection.close();
  }
}

/** Runs `use` on a channel, with the queue declared. */
export const onQueue = <T>(rabbitmqUrl: string, use: (channel: Channel) => Promise<T>): Promise<T> =>
  onBroker(rabbitmqUrl, async (channel) => {
    await declareQueue(channel, noteQueue);
    return use(channel);
  });

/** Empties the queue. */
export const emptyQueue = (rabbitmqUrl: string): Promise<unknown> =>
  onQueue(rabbitmqUrl, (channel) => channel.purgeQueue(noteQueue.queue));
