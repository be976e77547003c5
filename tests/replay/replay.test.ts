import { beforeAll, expect, test } from '@jest/globals';
import { resolve } from 'node:path';
import { replay, type ReplayResult } from '../../lib/temporal/replay';
import { createLogger } from '../../lib/telemetry/logger';
import { installRuntime } from '../../lib/temporal/runtime';
import { loadHistories } from './histories';
import { recordMissing } from './record';
import { historyNames } from './scenarios';

installRuntime(createLogger({ name: 'test', level: 'silent' }));
let histories = loadHistories();
beforeAll(async () => {
  if (process.env['RECORD'] === undefined) return;
  await recordMissing();
  histories = loadHistories();
}, 120_000);

/** Replaying every history keeps a processor busy, and there may be others who want it. */
const patienceMs = 600_000;

async function replayOn(workflows: string): Promise<ReplayResult[]> {
  const results: ReplayResult[] = [];
  for await (const result of replay(resolve(workflows), histories.values())) results.push(result);
  return results;
}

test('every way an order can go has a recorded history', () => {
  expect([...histories.keys()].sort()).toEqual(historyNames().sort());
});

test(
  'sagas that began before this code go on with it',
  async () => {
    const results = await replayOn('workflows/index.ts');
    expect(results.map(({ workflowId, error }) => ({ workflowId, error }))).toEqual(
      [...histories.values()].map(({ workflowId }) => ({ workflowId, error: undefined })),
    );
  },
  patienceMs,
);

test(
  'a careless change of the saga is noticed in every history',
  async () => {
    const results = await replayOn('tests/replay/mutated.ts');
    expect(results).toHaveLength(histories.size);
    for (const { error } of results) expect(error?.name).toBe('DeterminismViolationError');
  },
  patienceMs,
);
