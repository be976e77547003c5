import type { Client } from '@temporalio/client';
import { every } from '../../async/every';
import { namespace } from '../../config/namespace';
import type { Lifecycle } from '../../lifecycle/lifecycle';
import type { Logger } from '../../telemetry/logger';
import type { Metrics } from '../../telemetry/metrics';
import { waitingQuery, type SagaSubject } from './subject';

const everyMs = 15_000;

/** Counts the sagas that wait for an operator, in a metric. */
export function watchWaiting(
  client: Client,
  subject: SagaSubject,
  { metrics, lifecycle, logger }: { metrics: Metrics; lifecycle: Lifecycle; logger: Logger },
): void {
  const gauge = metrics.gauge(`${namespace}_sagas_waiting`, 'Sagas that wait for an operator', []);
  const count = async (): Promise<void> => gauge.set((await client.workflow.count(waitingQuery(subject))).count);
  lifecycle.onStop('waiting sagas', every(count, { everyMs, name: 'waiting sagas', logger }));
}
