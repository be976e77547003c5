import type { Queryable } from '../db/database';
import { writeTogether, type Write } from '../db/together';
import { resultOfFirst } from './effects';
import { hashRequest } from './request-hash';
import { effectInsert, selectEffect } from './store';

/**
 * Like `applyEffect`, for an effect whose result and writes are known beforehand: the key, the result and all writes are
 * one statement, so one round trip instead of a transaction's six. A second call gets the first one's result.
 * @throws `effect-key-reused` when the key came before with another request, `step-fenced` when it was undone.
 */
export async function keepEffect<Result>(
  db: Queryable,
  key: string,
  request: unknown,
  result: Result,
  writes: readonly Write[],
): Promise<Result> {
  const requestHash = hashRequest(request);
  try {
    await writeTogether(db, [effectInsert(key, requestHash, result), ...writes]);
    return result;
  } catch (error) {
    // Whichever unique index noticed it first: when the key is there, somebody else was faster or undid it.
    if ((error as { code?: string }).code !== uniqueViolation || !(await selectEffect(db, key))) throw error;
    return (await resultOfFirst(db, key, requestHash)) as Result;
  }
}

/** Runs the same statements one after the other, in a transaction that has more to do. */
export async function runAll(trx: Queryable, writes: readonly Write[]): Promise<void> {
  for (const write of writes) await write.execute(trx);
}

const uniqueViolation = '23505';
