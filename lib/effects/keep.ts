import type { Queryable } from '../db/database';
import type { Write } from '../db/writes';
import { PlatformError } from '../errors/errors';
import { resultOfFirst } from './effects';
import { hashRequest } from './request-hash';
import { effectInsert, selectEffect } from './store';

/**
 * Like `applyEffect`, for an effect whose result is known beforehand: `keep` writes the key with its result, which it is
 * handed, and all else in one statement, so one round trip instead of a transaction's six. A second call gets the first
 * one's result.
 * @throws `effect-key-reused` when the key came before with another request, `step-fenced` when it was undone.
 */
export async function keepEffect<Result>(
  db: Queryable,
  key: string,
  request: unknown,
  result: Result,
  keep: (effect: Write) => Promise<unknown>,
): Promise<Result> {
  const requestHash = hashRequest(request);
  try {
    await keep(effectInsert(key, requestHash, result));
    return result;
  } catch (error) {
    // Whichever unique index noticed it first: when the key is there, another call was faster or undid it.
    if (!isTaken(error) || !(await selectEffect(db, key))) throw error;
    return (await resultOfFirst(db, key, requestHash)) as Result;
  }
}

/** Whether a unique index refused a row: that of the effects, another one (23505), or that of the log. */
const isTaken = (error: unknown): boolean =>
  error instanceof PlatformError ? error.code === 'version-conflict' : (error as { code?: string }).code === '23505';
