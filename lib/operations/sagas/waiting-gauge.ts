import type { Client } from '@temporalio/client';
import type { Lifecycle } from '../../lifecycle/lifecycle';
import type { Metrics } from '../../telemetry/metrics';
import { waitingQuery } from '../sagas/sagas';

const everyMs = 15_000;

/** Shows how many sagas wait for an operator. */
export function watchWaiting(client: Client, { metrics, lifecycle }: { metrics: Metrics; lifecycle: Lifecycle }): void {
  const gauge = metrics.gauge('sagaworks_sagas_waiting', 'Sagas that wait for an operator', []);
  async function look(): Promise<void> {
    const found = await client.workflow.count(waitingQuery).catch(() => undefined); // No Temporal: nobody knows.
    if (found) gauge.set(found.count);
  }
  const timer = setInterval(() => void look(), everyMs);
  void look();
  lifecycle.onStop('waiting sagas', () => {
    clearInterval(timer);
    return Promise.resolve();
  });
}
