import { expect, test } from '@jest/globals';
import { retryOnly, type Decision, type Stuck } from '../contracts/saga/messages';
import { admit } from './admit';

const stuckAt = (step: string): Stuck => ({ step, why: 'A fault', since: '2026-01-01T00:00:00Z' });
/** What is said of a decision about a step that waits; undefined when it is let in. */
function answer(
  made: Decision,
  { stuck, decision }: { stuck?: Stuck; decision?: Decision } = { stuck: stuckAt(made.step) },
): unknown {
  try {
    admit(made, { stuck, decision });
    return undefined;
  } catch (error) {
    return error;
  }
}

test.each(['retry', 'skip', 'resolve'] as const)('%s of an undo that waits is let in', (action) => {
  expect(answer({ step: 'releaseStock', action })).toBeUndefined();
});

test('what comes when nobody is asked, about another step, or second, is refused', () => {
  const made: Decision = { step: 'voidPayment', action: 'skip' };
  const refused = { type: 'saga-not-waiting', nonRetryable: true };
  expect(answer(made, {})).toMatchObject(refused);
  expect(answer(made, { stuck: stuckAt('releaseStock') })).toMatchObject({
    ...refused,
    message: expect.stringContaining('releaseStock'),
  });
  expect(answer(made, { stuck: stuckAt('voidPayment'), decision: made })).toMatchObject(refused);
});

test.each(retryOnly)('%s is only tried again: the order must not be left behind', (step) => {
  expect(answer({ step, action: 'retry' })).toBeUndefined();
  for (const action of ['skip', 'resolve'] as const)
    expect(answer({ step, action })).toMatchObject({ message: expect.stringContaining('then retry') });
});
