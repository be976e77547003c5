import { expect, test } from '@jest/globals';
import { validateDecision } from './operator-request';
import type { Decision, Stuck } from './messages';

const stuckAt = (step: string): Stuck => ({ step, why: 'A fault', since: '2026-01-01T00:00:00Z' });
/** The refusal of a decision on a waiting step; undefined when it is accepted. */
function answer(
  made: Decision,
  { stuck, decision }: { stuck?: Stuck; decision?: Decision } = { stuck: stuckAt(made.step) },
): unknown {
  try {
    validateDecision(made, { stuck, decision, retryOnly: ['signNote'] });
    return undefined;
  } catch (error) {
    return error;
  }
}

test.each(['retry', 'skip', 'resolve'] as const)('%s of a waiting undo is accepted', (action) => {
  expect(answer({ step: 'eraseNote', action })).toBeUndefined();
});

test('a decision is refused when no step waits, about another step, and after another decision', () => {
  const made: Decision = { step: 'untagNote', action: 'skip' };
  const refused = { type: 'saga-not-waiting', nonRetryable: true };
  expect(answer(made, {})).toMatchObject(refused);
  expect(answer(made, { stuck: stuckAt('eraseNote') })).toMatchObject({
    ...refused,
    message: expect.stringContaining('eraseNote'),
  });
  expect(answer(made, { stuck: stuckAt('untagNote'), decision: made })).toMatchObject(refused);
});

test('a step that all that follows relies on can only be retried', () => {
  const step = 'signNote';
  expect(answer({ step, action: 'retry' })).toBeUndefined();
  for (const action of ['skip', 'resolve'] as const)
    expect(answer({ step, action })).toMatchObject({ message: expect.stringContaining('then retry') });
});
