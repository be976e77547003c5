import type { Kysely } from 'kysely';
import type { Queryable } from '../../db/database';
import { platformError } from '../../errors/errors';
import type { IdempotentRequest } from './header';
import { insertAnswer, selectAnswer } from './store';

/**
 * Acts once for a key: a repeated request gets the first one's response, and waits for it while the first is under way.
 * `act` runs in the transaction that stores its response, so neither exists without the other; without a key it just
 * runs. The response must be plain JSON.
 * @throws `idempotency-key-reused` when the key was used with another body or for another operation; what `act` throws.
 * @example await onceForKey(db, request, (db) => addNote(db, note));
 */
export async function onceForKey<Tables, Answer>(
  db: Kysely<Tables>,
  request: IdempotentRequest | undefined,
  act: (db: Kysely<Tables>) => Promise<Answer>,
): Promise<Answer> {
  if (!request) return act(db);
  const before = await earlierAnswer(db, request);
  // The stored response is an `Answer` of the same operation.
  if (before) return before.answer as Answer;
  try {
    return await db.transaction().execute(async (trx) => {
      const answer = await act(trx);
      await insertAnswer(trx, request, answer);
      return answer;
    });
  } catch (error) {
    // If the same request was faster, this is not a failure, whatever the error.
    const meanwhile = await earlierAnswer(db, request);
    if (meanwhile) return meanwhile.answer as Answer;
    throw error;
  }
}

/**
 * The response to an earlier request with this key; undefined when there was none.
 * @throws `idempotency-key-reused` when that request had another body or operation.
 */
export async function earlierAnswer(
  db: Queryable,
  request: IdempotentRequest,
): Promise<{ answer: unknown } | undefined> {
  const found = await selectAnswer(db, request);
  if (!found) return undefined;
  const isSame = found.operation === '' || found.operation === request.operation;
  if (isSame && found.requestHash === request.requestHash) return { answer: found.response };
  const what = isSame ? 'with another body' : `for ${found.operation}`;
  throw platformError(
    'idempotency-key-reused',
    `Idempotency-Key ${request.key} was already used ${what}; use a new key`,
    {
      field: 'Idempotency-Key',
    },
  );
}
