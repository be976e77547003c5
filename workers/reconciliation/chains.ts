import type { Kysely } from 'kysely';
import { selectChangeable } from '../../lib/db/access-store';
import { selectCondition } from '../../lib/db/health-store';
import type { SealedLog } from '../../lib/seals/digests';
import { sealMigrations } from '../../lib/seals/migrations';
import { sealLog, type SealOptions } from '../../lib/seals/seal';
import { insertWitness, selectLastSeal, selectLastWitness, selectTables } from '../../lib/seals/store';
import { verifyLog, type ChainFinding } from '../../lib/seals/verify';
import { services } from '../modules/discover';
import { historyTables } from '../platform/protected-tables';
import type { Drift } from './compare';

/** The databases of services that a process can reach, by name. */
export type Reachable = ReadonlyMap<string, Kysely<unknown>>;

interface Chain {
  service: string;
  log: SealedLog;
  db: Kysely<unknown>;
}

/** The logs that are sealed, in the databases that have been migrated. */
async function chainsIn(reachable: Reachable): Promise<Chain[]> {
  const found = services.map(async ({ name: service, exchange }) => {
    const db = reachable.get(service);
    if (!db || !(await isSealed(db))) return [];
    const logs: SealedLog[] = exchange ? ['events', 'ops_audit'] : ['ops_audit'];
    return logs.map((log) => ({ service, log, db }));
  });
  return (await Promise.all(found)).flat();
}

/** Whether the migrations of the seals have run. Where their tables are missing all the same, verifying them fails. */
async function isSealed(db: Kysely<unknown>): Promise<boolean> {
  const [table] = await selectTables(db, ['kysely_migration']);
  if (table === undefined) return false;
  const { names } = await selectCondition(db);
  return Object.keys(sealMigrations).every((name) => names.includes(name));
}

/**
 * Seals what all logs have gained. The last seal of each is written down in the database of another service, the next by
 * name, where who can rewrite the one need not be able to change the other.
 */
export async function sealChains(reachable: Reachable, options: SealOptions = {}): Promise<void> {
  const chains = await chainsIn(reachable);
  const names = [...new Set(chains.map(({ service }) => service))];
  const sealed = chains.map(async ({ service, log, db }) => {
    const last = await sealLog(db, log, options);
    const witness = names[(names.indexOf(service) + 1) % names.length];
    const other = witness === undefined || witness === service ? undefined : reachable.get(witness);
    if (last && other) await insertWitness(other, { database: service, log, number: last.number, hash: last.hash });
  });
  await Promise.all(sealed);
}

/** What was verified, and what is not as it was sealed. */
export interface ChainReport {
  chains: number;
  seals: number;
  entries: number;
  drift: Drift[];
}

/** A part of what is to be verified, so that each of many runs takes its turn. */
export interface Turn {
  run: number;
  /** Of how many seals of each log the entries are read at most. */
  seals: number;
}

/**
 * Verifies the seals of all logs, from the first to the last, and the entries that they cover. @param turn only the
 * entries of some seals are read; the runs after it read those of the others.
 */
export async function verifyChains(reachable: Reachable, turn?: Turn): Promise<ChainReport> {
  const chains = await chainsIn(reachable);
  const report: ChainReport = { chains: chains.length, seals: 0, entries: 0, drift: [] };
  for (const { service, log, db } of chains) {
    const of = turn ? Math.ceil(((await selectLastSeal(db, log))?.number ?? 1) / turn.seals) : 1;
    const reads = (number: number): boolean => number % of === (turn?.run ?? 0) % of;
    const witnessed = await witnessesOf(chains, service, log);
    const { seals, entries, findings } = await verifyLog(db, log, { witnessed, reads });
    report.seals += seals;
    report.entries += entries;
    report.drift.push(...findings.map((finding) => driftOf(service, log, finding)));
  }
  return report;
}

async function witnessesOf(chains: readonly Chain[], service: string, log: SealedLog) {
  const others = new Map(chains.map((chain) => [chain.service, chain.db]));
  others.delete(service);
  const found = await Promise.all(Array.from(others.values(), (db) => selectLastWitness(db, service, log)));
  return found.flatMap((one) => one ?? []);
}

const driftOf = (service: string, log: SealedLog, { from, to, detail }: ChainFinding): Drift => ({
  kind: 'chain',
  about: `${service} ${log} ${from}-${to}`,
  detail: `${detail}; compare these positions with a backup: docs/how-to/protect-the-log.md`,
});

/** The services whose log or audit log their own role could change; a database that does not answer is left out. */
export async function unprotectedIn(reachable: Reachable): Promise<string[]> {
  const found = Array.from(reachable, async ([name, db]) => {
    // It is only a remark: what cannot be asked must not keep the caller from its work.
    const changeable = await selectChangeable(db, historyTables).catch(() => []);
    return changeable.length > 0 ? [name] : [];
  });
  return (await Promise.all(found)).flat().sort();
}
