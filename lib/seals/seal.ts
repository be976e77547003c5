import type { Kysely } from 'kysely';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SealedLog } from './digests';
import * as store from './store';

export interface SealOptions {
  /** How many entries one seal covers at most; default 5,000. */
  size?: number;
  /** How many seals are added at most; default 100. The next call goes on. */
  seals?: number;
  /** How long an entry that has its position already may take to begin its transaction; default 1 s. */
  settleMs?: number;
}

const checks = { times: 10, everyMs: 200 };

/**
 * Seals what a log has gained since its last seal. An entry with a smaller position can still be committed by a
 * transaction that is open, so it reads the end of the log first, and then waits until all transactions from then have
 * ended; with one that stays open, nothing is sealed, and the next call tries again. Writers are never held up.
 * @returns the last seal, if there is any.
 */
export async function sealLog(
  db: Kysely<unknown>,
  log: SealedLog,
  { size = 5_000, seals = 100, settleMs = 1_000 }: SealOptions = {},
): Promise<store.Seal | undefined> {
  const [end, last] = [await store.selectEnd(db, log), await store.selectLastSeal(db, log)];
  if (end <= (last?.to ?? 0)) return last;
  await sleep(settleMs);
  if (!(await haveEnded(db, await store.selectNextTransaction(db)))) return last;
  for (let count = 0, after = last?.to ?? 0; count < seals && after < end; count += 1) {
    const to = await store.selectBatchEnd(db, log, { after, end, size });
    await db.transaction().execute((trx) => sealNext(trx, log, to));
    after = to;
  }
  return store.selectLastSeal(db, log);
}

/** In a transaction, with the last seal as it is then: another process may be sealing, too. */
async function sealNext(trx: Kysely<unknown>, log: SealedLog, to: number): Promise<void> {
  await store.lockSeals(trx);
  const last = await store.selectLastSeal(trx, log);
  const from = (last?.to ?? 0) + 1;
  if (to < from) return;
  if (log === 'events') await store.insertSalts(trx, { from, to });
  await store.insertSeal(trx, log, {
    number: (last?.number ?? 0) + 1,
    from,
    to,
    previousHash: last?.hash ?? store.noHash,
  });
}

async function haveEnded(db: Kysely<unknown>, xid: string): Promise<boolean> {
  for (let check = 0; check < checks.times; check += 1) {
    if (check > 0) await sleep(checks.everyMs);
    if (await store.isPast(db, xid)) return true;
  }
  return false;
}
