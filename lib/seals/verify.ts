import type { Queryable } from '../db/database';
import type { SealedLog } from './digests';
import * as store from './store';

/** A part of a log that is not what was sealed. */
export interface ChainFinding {
  /** The first and the last position that it is about. */
  from: number;
  to: number;
  detail: string;
}

/** What was verified, and what was found. */
export interface Verification {
  seals: number;
  entries: number;
  findings: ChainFinding[];
}

export interface VerifyOptions {
  /** What other databases have witnessed of this chain: their last seals of it. */
  witnessed?: readonly store.Witnessed[];
  /** Whether the entries of a seal are read; by default all. The chain itself is always verified. */
  reads?: (number: number) => boolean;
}

const batchSize = 1_000;

/** Verifies the seals of a log, and the entries that they cover. It changes nothing and holds up nobody. */
export async function verifyLog(
  db: Queryable,
  log: SealedLog,
  { witnessed = [], reads = () => true }: VerifyOptions = {},
): Promise<Verification> {
  const found: Verification = { seals: 0, entries: 0, findings: [] };
  const hashes = new Map<number, string | undefined>(witnessed.map(({ number }) => [number, undefined]));
  let before: store.Seal | undefined;
  for (let more = true; more;) {
    const seals = await store.selectSeals(db, log, before?.number ?? 0, batchSize);
    for (const seal of seals) {
      found.findings.push(...linkFindings(before, seal));
      if (reads(seal.number)) found.findings.push(...entryFindings(seal, await store.recompute(db, log, seal)));
      if (hashes.has(seal.number)) hashes.set(seal.number, seal.hash);
      found.seals += 1;
      found.entries += seal.count;
      before = seal;
    }
    more = seals.length === batchSize;
  }
  found.findings.push(...witnessed.flatMap((one) => witnessFindings(before, one, hashes.get(one.number))));
  return found;
}

function linkFindings(before: store.Seal | undefined, seal: store.Seal): ChainFinding[] {
  const { number, from, to, previousHash } = seal;
  const expected = {
    number: (before?.number ?? 0) + 1,
    from: (before?.to ?? 0) + 1,
    hash: before?.hash ?? store.noHash,
  };
  if (number > expected.number) {
    const missing = number - expected.number;
    return [{ from: expected.from, to: from - 1, detail: `${missing} of its seals before seal ${number} are missing` }];
  }
  if (from !== expected.from || previousHash !== expected.hash)
    return [{ from, to, detail: `seal ${number} does not follow the seal before it: one of the two was changed` }];
  return [];
}

function entryFindings(seal: store.Seal, now: Pick<store.Seal, 'count' | 'hash'>): ChainFinding[] {
  const { number, from, to, count, hash } = seal;
  if (now.hash === hash && now.count === count) return [];
  const what = (difference: number): string => `${difference} ${difference === 1 ? 'entry was' : 'entries were'}`;
  const detail =
    now.count < count
      ? `${what(count - now.count)} removed after seal ${number}`
      : now.count > count
        ? `${what(now.count - count)} inserted after seal ${number}`
        : `an entry, or the seal ${number} itself, was changed after it was sealed`;
  return [{ from, to, detail }];
}

/** What another database has seen must be here: else the end of the chain was cut off, perhaps to be made anew. */
function witnessFindings(
  last: store.Seal | undefined,
  { number, hash }: store.Witnessed,
  found: string | undefined,
): ChainFinding[] {
  const from = (last?.to ?? 0) + 1;
  if (number > (last?.number ?? 0))
    return [
      {
        from,
        to: from,
        detail: `its seals after ${last?.number ?? 0} are missing, up to ${number}; entries may be, too`,
      },
    ];
  if (found !== hash)
    return [
      { from: 1, to: last?.to ?? 0, detail: `seal ${number} is not the one that another database has witnessed` },
    ];
  return [];
}
