import { expect, test } from '@jest/globals';
import { admit } from './admit';
import type { Decision, Stuck } from './messages';

const stuckAt = (step: string): Stuck => ({ step, why: 'A fault', since: '2026-01-01T00:00:00Z' });
/** What is said of a decision about a step that waits; undefined when it is let in. */
function answer(
  made: Decision,
  { stuck, decision }: { stuck?: Stuck; decision?: Decision } = { stuck: stuckAt(made.step) },
): unknown {
  try {
    admit(made, { stuck, decision, retryOnly: ['signNote'] });
    return undefined;
  } catch (error) {
    return error;
  }
}

test.each(['retry', 'skip', 'resolve'] as const)('%s of an undo that waits is let in', (action) => {
  expect(answer({ step: 'eraseNote', action })).toBeUndefined();
});

test('a decision when no operator is asked, about another step, or the second one, is refused', () => {
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
