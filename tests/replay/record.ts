import { anOrder, createSagaWorld } from '../support/saga';
import { saveHistory } from './histories';
import { scenarioNames, scenarios } from './scenarios';

/**
 * Records the histories anew, from real runs on the servers that `DATABASE_URL` and `TEMPORAL_ADDRESS` name. Do it when a
 * new way an order can go is added; never to make a replay pass, since that test protects sagas under way.
 */
async function record(): Promise<void> {
  const world = await createSagaWorld();
  try {
    for (const name of scenarioNames) {
      const saga = await world.start(anOrder(scenarios[name]));
      const outcome = await saga.result();
      saveHistory(name, saga.workflowId, await saga.fetchHistory());
      console.log(`${name}: ${JSON.stringify(outcome)}`);
    }
  } finally {
    await world.stop();
  }
}

void record();
