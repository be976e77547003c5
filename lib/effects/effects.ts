import type { Kysely, Transaction } from 'kysely';
import type { Queryable } from '../db/database';
import type { Write } from '../db/writes';
import { platformError, PlatformError } from '../errors/errors';
import { hashRequest } from '../ids/ids';
import type { UndoOutcome } from '../saga/steps';
import { effectInsert, insertEffect, markUndone, saveResult, selectEffect } from './store';
import type { EffectTables } from './tables';

/**
 * Carries out an effect once for its key, however often it is called, and stores its result in the same transaction. A
 * second call waits for the first and gets its result. When `effect` throws, neither its writes nor the key are stored.
 * The effect must write only to this database: anything else would not be rolled back. Results are stored as JSON.
 * @throws `effect-key-reused` when the key was used with another request, `step-fenced` when it was undone.
 * @example await applyEffect(db, 'trip/17/reserve', trip, (trx) => takeSeats(trx, trip.seats));
 */
export function applyEffect<Tables extends EffectTables, Result>(
  db: Kysely<Tables>,
  key: string,
  request: unknown,
  effect: (trx: Transaction<Tables>) => Promise<Result>,
): Promise<Result> {
  const requestHash = hashRequest(request);
  return db.transaction().execute(async (trx) => {
    // The key is inserted first, so that concurrent calls wait for each other.
    if (!(await insertEffect(trx, key, 'done', requestHash))) {
      return (await resultOfFirst(trx, key, requestHash)) as Result;
    }
    const result = await effect(trx);
    if (result !== undefined) await saveResult(trx, key, result);
    return result;
  });
}

/** The result of the first call with a key, for later calls. @throws as `applyEffect` does. */
export async function resultOfFirst(trx: Queryable, key: string, requestHash: string): Promise<unknown> {
  const first = await selectEffect(trx, key);
  if (!first)
    throw new Error(`Effect ${key} was not found, although its key is taken; rows of effects must never be deleted`);
  if (first.state === 'undone')
    throw platformError('step-fenced', `${key} was undone and can no longer be carried out`);
  if (first.requestHash !== requestHash)
    throw platformError('effect-key-reused', `${key} was already used with another request`);
  return first.result ?? undefined;
}

/** Undoes an effect, given its result. */
export type Undo<Tables, Result> = (trx: Transaction<Tables>, result: Result) => Promise<UndoOutcome>;

/**
 * Undoes an effect once. An effect that never arrived gets a tombstone, so that it is refused when it arrives late; one
 * that is under way is waited for, and undone if it succeeds. For one that was undone before, nothing happens.
 * @returns what has become of the effect, also when an earlier call undid it
 * @example await undoEffect(db, 'trip/17/reserve', (trx) => freeSeats(trx, trip.seats));
 */
export function undoEffect<Tables extends EffectTables, Result>(
  db: Kysely<Tables>,
  key: string,
  undo: Undo<Tables, Result>,
): Promise<UndoOutcome> {
  return db.transaction().execute(async (trx) => {
    if (await insertEffect(trx, key, 'undone', null)) return 'nothing-to-undo';
    const done = await markUndone(trx, key);
    if (done) return undo(trx, (done.result ?? undefined) as Result);
    const before = await selectEffect(trx, key);
    return before?.requestHash ? 'undone' : 'nothing-to-undo';
  });
}

/** The state of a key, for callers that must know it before they call a third party. */
export type KnownEffect<Result> = { state: 'done'; result: Result } | { state: 'undone' };

/** The effect stored under a key; undefined when it was neither carried out nor undone. */
export async function findEffect<Result = unknown>(
  db: Queryable,
  key: string,
): Promise<KnownEffect<Result> | undefined> {
  const found = await selectEffect(db, key);
  if (!found) return undefined;
  return found.state === 'undone'
    ? { state: 'undone' }
    : { state: 'done', result: (found.result ?? undefined) as Result };
}

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
