import { connect } from 'amqplib';
import { orderWorkflowId } from '../../contracts/saga/order';
import { deadLetterQueue } from '../../lib/broker/topology/topology';
import { brokerClients } from '../../workers/modules/roles';
import { queuesOf } from '../../workers/topology/topology';
import { onTemporal } from './on-temporal';
import type { World } from './platform';

/** What lies in the queues and the dead letters, as text; it stays there. */
export async function messagesIn({ env }: World): Promise<string[]> {
  const connection = await connect(env['RABBITMQ_URL'] ?? '');
  const channel = await connection.createChannel();
  const found: string[] = [];
  const queues = brokerClients.flatMap(queuesOf).flatMap(({ queue }) => [queue, deadLetterQueue(queue)]);
  for (const queue of queues) {
    for (let got = await channel.get(queue); got; got = await channel.get(queue)) found.push(got.content.toString());
  }
  await connection.close();
  return found;
}

/** Everything that Temporal keeps of an order's saga, as text, its payloads decoded. */
export async function historyOf(world: World, orderId: string): Promise<string> {
  const saga = orderWorkflowId(orderId);
  const history = await onTemporal(world, (client) => client.workflow.getHandle(saga).fetchHistory());
  return JSON.stringify(history, decoded);
}

/** Where protobuf's JSON has bytes in base64. */
const bytes = ['data', 'encoding', 'encryption-key-id'];
const decoded = (key: string, value: unknown): unknown =>
  typeof value === 'string' && bytes.includes(key) ? Buffer.from(value, 'base64').toString() : value;
