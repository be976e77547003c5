import type { Queryable } from '../../db/database';
import type { Write } from '../../db/writes';
import { fail } from '../../errors/errors';
import type { IdempotentRequest } from './header';
import { answerInsert, selectAnswer } from './store';

/** Makes what keeps the answer, for the statement or the transaction of the change itself. */
export type KeepAnswer<Answer> = (answer: Answer) => Write[];

/**
 * Acts once for a key: a repeated request gets the first one's answer, also while the first is still under way (then it
 * waits for its commit). `act` must execute what `keep` returns in the transaction of its change, so that there is never
 * the one without the other. Without a key it just acts.
 * @throws `idempotency-key-reused` when the key came before with another body or for another operation; what `act` throws.
 * @example await onceForKey(db, request, now, (keep) => appendEvents(db, appends, { writes: keep(note) }).then(() => note));
 */
export async function onceForKey<Answer>(
  db: Queryable,
  request: IdempotentRequest | undefined,
  now: Date,
  act: (keep: KeepAnswer<Answer>) => Promise<Answer>,
): Promise<Answer> {
  if (!request) return act(() => []);
  const before = await answerBefore(db, request);
  // What is stored was an `Answer` of the same operation.
  if (before) return before.answer as Answer;
  try {
    return await act((answer) => [answerInsert(request, answer, now)]);
  } catch (error) {
    // The same request may have been faster: then this is no failure, whatever it failed with.
    const meanwhile = await answerBefore(db, request);
    if (meanwhile) return meanwhile.answer as Answer;
    throw error;
  }
}

/**
 * The answer that an earlier request with this key got; undefined when there was none.
 * @throws `idempotency-key-reused` when that request was another one.
 */
export async function answerBefore(
  db: Queryable,
  request: IdempotentRequest,
): Promise<{ answer: unknown } | undefined> {
  const found = await selectAnswer(db, request);
  if (!found) return undefined;
  const isSame = found.operation === '' || found.operation === request.operation;
  if (isSame && found.requestHash === request.requestHash) return { answer: found.response };
  const what = isSame ? 'with another body' : `for ${found.operation}`;
  throw fail('idempotency-key-reused', `Idempotency-Key ${request.key} came before ${what}; use a new key`, {
    field: 'Idempotency-Key',
  });
}
