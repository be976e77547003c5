import { expect, test } from '@jest/globals';
import { platformError } from '../../errors/errors';
import { createLogger } from '../../telemetry/logger';
import { createMetrics } from '../../telemetry/metrics';
import { createStallWatch } from './stall';
import type { LogAges } from './log-ages-store';

const none: LogAges = { oldestUnpublished: 0, oldestHeldBack: 0, oldestRefused: 0, refused: 0, paused: false };

/** A watch with a clock that only the test moves, and what it logs. */
function createWatch() {
  let now = 0;
  const lines: Record<string, unknown>[] = [];
  const metrics = createMetrics();
  const logger = createLogger({ name: 'test', level: 'silent' });
  logger.error = (facts: Record<string, unknown>) => void lines.push(facts);
  const limits = { afterMs: 30_000, repeatMs: 60_000 };
  const watch = createStallWatch({ exchange: 'notes', logger, metrics, ...limits, clock: () => now });
  const seconds = async (): Promise<number | undefined> =>
    (await metrics.registry.getSingleMetric('relay_stalled_seconds')?.get())?.values[0]?.value;
  return { ...watch, lines, seconds, pass: (s: number) => void (now += s * 1_000) };
}

test('a relay with nothing to publish is never stalled', async () => {
  const { measured, pass, seconds, lines } = createWatch();
  pass(600);
  measured(none);
  expect(await seconds()).toBe(0);
  // The first event after an idle time has waited two seconds, not ten minutes.
  pass(600);
  measured({ ...none, oldestUnpublished: 2 });
  expect(await seconds()).toBe(2);
  expect(lines).toEqual([]);
});

test('a stall is measured, and logged once a minute with its reason, until a confirm arrives', async () => {
  const { measured, failed, progressed, pass, seconds, lines } = createWatch();
  failed(platformError('broker-refused', 'A queue refused it'));
  for (let age = 0; age < 120; age += 5) {
    measured({ ...none, oldestUnpublished: age + 100, refused: 7 });
    pass(5);
  }
  expect(await seconds()).toBe(115);
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatchObject({
    exchange: 'notes',
    stalledSeconds: 30,
    oldestEventAgeSeconds: 130,
    refusedEvents: 7,
    reason: 'broker-refused',
  });
  progressed();
  measured({ ...none, oldestUnpublished: 100 });
  expect(await seconds()).toBe(0);
});

test('a stall lasts while the log cannot be read', async () => {
  const { measured, failed, pass, seconds, lines } = createWatch();
  measured({ ...none, oldestUnpublished: 60 });
  failed(platformError('unavailable', 'No database'));
  pass(40);
  measured(undefined);
  expect(await seconds()).toBe(40);
  expect(lines).toMatchObject([{ reason: 'unavailable' }]);
});

test('the reason distinguishes an operator’s pause and an open transaction from a failure', () => {
  const { measured, pass, lines } = createWatch();
  pass(90);
  measured({ ...none, oldestUnpublished: 90, paused: true });
  pass(90);
  measured({ ...none, oldestUnpublished: 180, oldestHeldBack: 180 });
  expect(lines).toMatchObject([{ reason: 'paused' }, { reason: 'held back by an open transaction' }]);
});
