import type { Queryable } from '../db/database';
import type { Write } from '../db/writes';
import { fail, PlatformError } from '../errors/errors';
import { findEffect } from './effects';
import { keepEffect } from './keep';

interface OutsideEffect<Answer> {
  /** Has the third party do it. It gets the key, so that it does it once however often it is asked. */
  ask: () => Promise<Answer>;
  /** Writes down here what it answered, be it yes or no, together with `effect`: in one statement, all or none. */
  keep: (answer: Answer, effect: Write) => Promise<unknown>;
  /** Has the third party undo whatever it did. */
  takeBack: () => Promise<void>;
}

/**
 * Carries out an effect of which a part happens at a third party, and keeps its answer: once for its key. The third party
 * is called between transactions, never in one: a transaction that waits holds back every relay of the database server.
 * @throws `step-fenced` when the effect was undone, before or meanwhile: then nothing of it stays at the third party.
 */
export async function applyOutsideEffect<Answer>(
  db: Queryable,
  key: string,
  request: unknown,
  { ask, keep, takeBack }: OutsideEffect<Answer>,
): Promise<Answer> {
  const known = await findEffect<Answer>(db, key);
  if (known?.state === 'undone') throw fail('step-fenced', `${key} was undone; it can't be carried out any more`);
  const answer = known?.result ?? (await ask());
  try {
    return await keepEffect(db, key, request, answer, (effect) => keep(answer, effect));
  } catch (error) {
    const fenced = error instanceof PlatformError && error.code === 'step-fenced';
    if (fenced) await takeBack();
    throw error;
  }
}
