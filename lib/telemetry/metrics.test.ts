import { expect, test } from '@jest/globals';
import { createMetrics } from './metrics';

test('the same name always returns the same metric', async () => {
  const metrics = createMetrics();
  metrics.counter('things_total', 'Things', ['kind']).inc({ kind: 'a' });
  metrics.counter('things_total', 'Things', ['kind']).inc({ kind: 'a' });
  expect(await metrics.registry.metrics()).toContain('things_total{kind="a"} 2');
});

test('two registries are independent', async () => {
  createMetrics().gauge('depth', 'Depth', []).set(1);
  expect(await createMetrics().registry.metrics()).not.toContain('depth');
});
