import { expect, test } from '@jest/globals';
import { createMetrics } from '../../lib/telemetry/metrics';
import { eventually } from '../../tests/lib-support/eventually';
import { createDriftGauges } from './drift-gauges';

const found = { orders: 3, drift: [{ kind: 'no-saga' as const, about: 'o', detail: 'none' }] };
const at = new Date('2026-01-01T00:00:00Z');

test('the drift is shown by kind, with when it was found', async () => {
  const metrics = createMetrics();
  const gauges = createDriftGauges(metrics, 60_000);
  gauges.publish(found, at);
  const text = await metrics.registry.metrics();
  expect(text).toContain('sagaworks_drift{kind="no-saga"} 1');
  expect(text).toContain('sagaworks_drift{kind="orphan"} 0');
  expect(text).toContain(`sagaworks_drift_compared_timestamp_seconds ${at.getTime() / 1_000}`);
  gauges.stop();
});

test('numbers that this process has not renewed are forgotten; when it found them is not', async () => {
  const metrics = createMetrics();
  createDriftGauges(metrics, 10).publish(found, at);
  await eventually(async () => expect(await metrics.registry.metrics()).not.toContain('sagaworks_drift{'));
  expect(await metrics.registry.metrics()).toContain(`compared_timestamp_seconds ${at.getTime() / 1_000}`);
});
