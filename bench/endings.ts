import { connect } from 'amqplib';

/** Hears how orders end, as any subscriber does: asking each of them again and again would be a load of its own. */
export interface Endings {
  /** Resolves when the order is confirmed; rejects when it is cancelled. */
  confirmed(orderId: string): Promise<void>;
  close(): Promise<void>;
}

/** Subscribes to the ends of orders with a queue of its own. */
export async function listenForEndings(rabbitmqUrl: string): Promise<Endings> {
  const connection = await connect(rabbitmqUrl);
  const channel = await connection.createChannel();
  const { queue } = await channel.assertQueue('', { exclusive: true });
  await channel.bindQueue(queue, 'order-events', 'order.confirmed');
  await channel.bindQueue(queue, 'order-events', 'order.cancelled');

  const ended = new Map<string, string>();
  const waiting = new Map<string, (type: string) => void>();
  const settle = (orderId: string, type: string): void => {
    const settle = waiting.get(orderId);
    if (settle) settle(type);
    else ended.set(orderId, type);
  };
  await channel.consume(
    queue,
    (message) => {
      if (!message) return;
      const { orderId } = JSON.parse(message.content.toString()) as { orderId: string };
      settle(orderId, message.fields.routingKey);
    },
    { noAck: true },
  );

  return {
    async confirmed(orderId) {
      // The end may come before the answer to the request has been read.
      const type = ended.get(orderId) ?? (await new Promise<string>((resolve) => waiting.set(orderId, resolve)));
      ended.delete(orderId);
      waiting.delete(orderId);
      if (type !== 'order.confirmed')
        throw new Error(`Order ${orderId} ended as ${type} in the middle of a measurement`);
    },
    close: () => connection.close(),
  };
}
