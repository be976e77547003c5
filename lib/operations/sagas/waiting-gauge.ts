import type { Client } from '@temporalio/client';
import { every } from '../../async/every';
import type { Lifecycle } from '../../lifecycle/lifecycle';
import type { Logger } from '../../telemetry/logger';
import type { Metrics } from '../../telemetry/metrics';
import { waitingQuery } from '../sagas/sagas';

const everyMs = 15_000;

/** Shows how many sagas wait for an operator. */
export function watchWaiting(
  client: Client,
  { metrics, lifecycle, logger }: { metrics: Metrics; lifecycle: Lifecycle; logger: Logger },
): void {
  const gauge = metrics.gauge('sagaworks_sagas_waiting', 'Sagas that wait for an operator', []);
  const count = async (): Promise<void> => gauge.set((await client.workflow.count(waitingQuery)).count);
  lifecycle.onStop('waiting sagas', every(count, { everyMs, name: 'waiting sagas', logger }));
}
