import { Client, Connection } from '@temporalio/client';
import { orderWorkflowId } from '../../contracts/saga/order';
import type { World } from './platform';

/** Does something in the Temporal namespace of a world. */
export async function onTemporal<T>({ env }: World, run: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address: env['TEMPORAL_ADDRESS'] ?? '' });
  try {
    return await run(new Client({ connection, namespace: env['TEMPORAL_NAMESPACE'] ?? '' }));
  } finally {
    await connection.close();
  }
}

/** Terminates a saga in Temporal, in the middle of its order. */
export const terminateSaga = (world: World, orderId: string): Promise<unknown> =>
  onTemporal(world, (client) => client.workflow.getHandle(orderWorkflowId(orderId)).terminate());
