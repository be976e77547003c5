import type { Queryable } from '../db/database';
import type { Write } from '../db/writes';
import { PlatformError } from '../errors/errors';
import { resultOfFirst } from './effects';
import { hashRequest } from './request-hash';
import { effectInsert, selectEffect } from './store';

/**
 * Like `applyEffect`, for an effect whose result is known beforehand: `record` executes the given write of the key and
 * its result together with all other writes in one statement, one round trip instead of a transaction's six. A second
 * call gets the first one's result.
 * @throws `effect-key-reused` when the key was used with another request, `step-fenced` when it was undone.
 */
export async function recordEffect<Result>(
  db: Queryable,
  key: string,
  request: unknown,
  result: Result,
  record: (effect: Write) => Promise<unknown>,
): Promise<Result> {
  const requestHash = hashRequest(request);
  try {
    await record(effectInsert(key, requestHash, result));
    return result;
  } catch (error) {
    // Whichever unique index refused it first: when the key is there, another call was faster, or undid it.
    if (!isTaken(error) || !(await selectEffect(db, key))) throw error;
    return (await resultOfFirst(db, key, requestHash)) as Result;
  }
}

/** Whether a unique index refused a row: one of this database (23505), or that of the event log. */
const isTaken = (error: unknown): boolean =>
  error instanceof PlatformError ? error.code === 'version-conflict' : (error as { code?: string }).code === '23505';
