import { openDatabase } from '../lib/db/database';
import { insertRelay, takeLease, type Lease } from '../lib/eventlog/relay/lease-store';
import { readLog } from '../lib/eventlog/relay/log-reader-store';
import { createBenchDatabase, fillLog } from './log';
import { median, type Result } from './measure';

const [young, old] = [10_000, 2_000_000];
const reads = 300;
const hourMs = 3_600_000;

/** What a relay's look at the newest 100 events costs in a young log and in an old one. */
export async function readCost(databaseUrl: string): Promise<Result> {
  const inYoung = await readMs(databaseUrl, 'bench_young', young);
  const inOld = await readMs(databaseUrl, 'bench_old', old);
  return {
    what: 'reading 100 events at the end of a log of 2,000,000',
    ours: `${inOld.toFixed(2)} ms`,
    limit: `${inYoung.toFixed(2)} ms (of 10,000)`,
    comparison: `${Math.round((inOld / inYoung) * 100)} %`,
    bar: '≤ 150 %',
    reached: inOld / inYoung <= 1.5,
  };
}

async function readMs(databaseUrl: string, name: string, events: number): Promise<number> {
  const log = await createBenchDatabase(databaseUrl, name);
  const database = openDatabase<unknown>({ url: log.url, name: 'bench', poolSize: 1, queryTimeoutMs: 0 });
  try {
    await fillLog(log, events, 1_000);
    const [after] = await log.run(
      'select xid::text, position::int from events order by xid desc, position desc limit 1 offset 100',
    );
    const cursor = after as { xid: string; position: number };
    const lease = await leaseOf(database.kysely);
    const times: number[] = [];
    for (let read = 0; read < reads; read += 1) {
      const begin = performance.now();
      const { entries } = await readLog(database.kysely, lease, cursor, 500);
      times.push(performance.now() - begin);
      if (entries.length !== 100) throw new Error(`${entries.length} events were read instead of 100`);
    }
    return median(times.slice(reads / 3));
  } finally {
    await database.close();
    await log.close();
  }
}

async function leaseOf(db: Parameters<typeof takeLease>[0]): Promise<Lease> {
  await insertRelay(db, 'bench');
  const taken = await takeLease(db, 'bench', 'bench', hourMs);
  if (!taken) throw new Error('Another process has the lease');
  return taken.lease;
}
