import { beforeAll, expect, test } from '@jest/globals';
import { resolve } from 'node:path';
import { replay, type ReplayResult } from '../../lib/temporal/replay';
import { createLogger } from '../../lib/telemetry/logger';
import { installRuntime } from '../../lib/temporal/runtime';
import { workflowBundleOf } from '../lib-support/workflow-bundle';
import { loadHistories } from './histories';
import { recordMissing } from './record';
import { historyNames, isOfMatrix } from './scenarios';

installRuntime(createLogger({ name: 'test', level: 'silent' }));
/** With `RECORD=1` the fault matrix records its own histories, in its own file, perhaps at this moment: they are asked for next time. */
const records = process.env['RECORD'] !== undefined;
let histories = loadHistories();
beforeAll(async () => {
  if (!records) return;
  await recordMissing();
  histories = loadHistories();
}, 120_000);

/** Replaying every history keeps a processor busy, and there may be others who want it. */
const timeoutMs = 600_000;

async function replayOn(workflows: string): Promise<ReplayResult[]> {
  const results: ReplayResult[] = [];
  const path = resolve(workflows);
  const codePath = await workflowBundleOf(path);
  for await (const result of replay(codePath === undefined ? path : { codePath }, histories.values()))
    results.push(result);
  return results;
}

test('every way an order can go has a recorded history', () => {
  const [recorded, wanted] = [[...histories.keys()], historyNames()].map((names) =>
    names.filter((name) => !records || !isOfMatrix(name)).sort(),
  );
  expect(recorded).toEqual(wanted);
});

test(
  'sagas that began before this code go on with it',
  async () => {
    const results = await replayOn('workflows/index.ts');
    expect(results.map(({ workflowId, error }) => ({ workflowId, error }))).toEqual(
      [...histories.values()].map(({ workflowId }) => ({ workflowId, error: undefined })),
    );
  },
  timeoutMs,
);

test(
  'a careless change of the saga is noticed in every history',
  async () => {
    const results = await replayOn('tests/replay/mutated.ts');
    expect(results).toHaveLength(histories.size);
    for (const { error } of results) expect(error?.name).toBe('DeterminismViolationError');
  },
  timeoutMs,
);
