import type { Client } from '@temporalio/client';
import { namespace } from '../../config/namespace';
import type { Lifecycle } from '../../lifecycle/lifecycle';
import type { Metrics } from '../../telemetry/metrics';
import { waitingQuery, type SagaSubject } from './subject';

const everyMs = 15_000;

/** Shows how many sagas wait for an operator. */
export function watchWaiting(
  client: Client,
  subject: SagaSubject,
  { metrics, lifecycle }: { metrics: Metrics; lifecycle: Lifecycle },
): void {
  const gauge = metrics.gauge(`${namespace}_sagas_waiting`, 'Sagas that wait for an operator', []);
  async function look(): Promise<void> {
    const found = await client.workflow.count(waitingQuery(subject)).catch(() => undefined); // Unknown while Temporal is away.
    if (found) gauge.set(found.count);
  }
  const timer = setInterval(() => void look(), everyMs);
  void look();
  lifecycle.onStop('waiting sagas', () => {
    clearInterval(timer);
    return Promise.resolve();
  });
}
