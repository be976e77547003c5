import { defaultPolicy, returnWorkflowId, type PlacedOrder } from '../../contracts/saga/order';
import { startReturn } from '../../workers/bridge/start-saga';
import { createSagaWorld, type SagaWorld } from '../support/saga';
import { loadHistories, saveHistory } from './histories';
import { orderFor, scenarios } from './scenarios';

/**
 * Records the histories that are missing, from real runs: `RECORD=1 npm test -- tests/replay tests/matrix`. Those that
 * are there stay as the code of their time has made them, because they protect sagas under way.
 */
export async function recordMissing(): Promise<void> {
  const known = loadHistories();
  const world = await createSagaWorld();
  try {
    for (const [name, scenario] of Object.entries(scenarios)) {
      if (known.has(name)) continue;
      const order = orderFor(scenario);
      const saga = await world.start(order, scenario.instead?.(world.steps), scenario.policy, scenario.before);
      await scenario.during?.(saga, world, order);
      await saga.result();
      const recorded = scenario.returns ? await returnOf(world, order) : saga;
      saveHistory(name, recorded.workflowId, await recorded.fetchHistory());
    }
  } finally {
    await world.stop();
  }
}

async function returnOf({ services, client }: SagaWorld, { orderId }: PlacedOrder) {
  await services.orders.change(orderId, { type: 'request-return' });
  await startReturn(client, { orderId }, defaultPolicy);
  const handle = client.workflow.getHandle(returnWorkflowId(orderId));
  await handle.result();
  return handle;
}
