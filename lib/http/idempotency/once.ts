import type { Kysely } from 'kysely';
import type { Queryable } from '../../db/database';
import { fail } from '../../errors/errors';
import type { IdempotentRequest } from './header';
import { insertAnswer, selectAnswer } from './store';

/**
 * Acts once for a key: a repeated request gets the first one's answer, also while the first is still under way (then it
 * waits for its commit). `act` runs in the transaction that keeps its answer, so there is never the one without the
 * other; without a key it just runs. The answer must be plain JSON.
 * @throws `idempotency-key-reused` when the key came before with another body or for another operation; what `act` throws.
 * @example await onceForKey(db, request, (db) => addNote(db, note));
 */
export async function onceForKey<Tables, Answer>(
  db: Kysely<Tables>,
  request: IdempotentRequest | undefined,
  act: (db: Kysely<Tables>) => Promise<Answer>,
): Promise<Answer> {
  if (!request) return act(db);
  const before = await answerBefore(db, request);
  // What is stored was an `Answer` of the same operation.
  if (before) return before.answer as Answer;
  try {
    return await db.transaction().execute(async (trx) => {
      const answer = await act(trx);
      await insertAnswer(trx, request, answer);
      return answer;
    });
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
