import type { Queryable } from '../db/database';
import type { Write } from '../db/writes';
import { platformError, PlatformError } from '../errors/errors';
import { findEffect } from './effects';
import { recordEffect } from './record';

interface ExternalEffect<Answer> {
  /** Calls the third party, with the key, so that it acts once however often it is called. */
  execute: () => Promise<Answer>;
  /** Stores the answer, whether yes or no, together with `effect`, in one statement. */
  record: (answer: Answer, effect: Write) => Promise<unknown>;
  /** Undoes at the third party whatever it did. */
  compensate: () => Promise<void>;
}

/**
 * Carries out an effect at a third party, and stores its answer, once for its key. The third party is called between
 * transactions, never within one: an open transaction would hold back every relay of the database server.
 * @throws `step-fenced` when the effect was undone, before or meanwhile; it is then undone at the third party as well.
 */
export async function applyExternalEffect<Answer>(
  db: Queryable,
  key: string,
  request: unknown,
  { execute, record, compensate }: ExternalEffect<Answer>,
): Promise<Answer> {
  const known = await findEffect<Answer>(db, key);
  if (known?.state === 'undone')
    throw platformError('step-fenced', `${key} was undone and can no longer be carried out`);
  const answer = known?.result ?? (await execute());
  try {
    return await recordEffect(db, key, request, answer, (effect) => record(answer, effect));
  } catch (error) {
    const fenced = error instanceof PlatformError && error.code === 'step-fenced';
    if (fenced) await compensate();
    throw error;
  }
}
