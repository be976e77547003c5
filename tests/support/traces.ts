import { connect } from 'amqplib';
import { Client, Connection } from '@temporalio/client';
import { orderWorkflowId } from '../../contracts/saga/order';
import { deadLetterQueue } from '../../lib/broker/topology';
import { brokerClients } from '../../workers/roles';
import { queuesOf } from '../../workers/topology';
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
export async function historyOf({ env }: World, orderId: string): Promise<string> {
  const connection = await Connection.connect({ address: env['TEMPORAL_ADDRESS'] ?? '' });
  const client = new Client({ connection, namespace: env['TEMPORAL_NAMESPACE'] ?? '' });
  const history = await client.workflow.getHandle(orderWorkflowId(orderId)).fetchHistory();
  await connection.close();
  return JSON.stringify(history, decoded);
}

/** Where protobuf's JSON has bytes in base64. */
const bytes = ['data', 'encoding', 'encryption-key-id'];
const decoded = (key: string, value: unknown): unknown =>
  typeof value === 'string' && bytes.includes(key) ? Buffer.from(value, 'base64').toString() : value;
