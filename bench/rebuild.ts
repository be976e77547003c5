import type { Stack } from '../infra/local/stack';
import { openDatabase } from '../lib/db/database';
import { projectionMigrations } from '../lib/projections/migrations';
import { orderMigrations } from '../services/orders/migrations';
import { writeOrders } from '../tests/support/order-log';
import { createBenchDatabase, type BenchDatabase } from './log';
import type { Measured, Result } from './measure';
import { measureOnce } from './once';

/** Eight events are five orders. */
const sizes = [10_000, 100_000, 1_000_000];
/** How many times as long an event may take at the largest size as at the fastest one. */
const linear = 1.5;

/** The list of orders rebuilt from its log, beside a COPY of the same rows into a table with the same indexes. */
export async function benchRebuild({ addresses: { databaseUrl } }: Stack): Promise<Measured> {
  const measured: { size: number; rebuilt: number; copied: number; MiB: number }[] = [];
  for (const size of sizes) measured.push({ size, ...(await measure(databaseUrl, size)) });
  const best = Math.max(...measured.map(({ rebuilt }) => rebuilt));
  const results = measured.map(({ size, rebuilt, copied }): Result => ({
    what: `rebuild of the order list, ${size.toLocaleString('en')} events`,
    ours: `${Math.round(rebuilt)} events/s`,
    limit: `${Math.round(copied)} events/s (COPY of their rows)`,
    comparison: `${((rebuilt / copied) * 100).toFixed(1)} %`,
    bar: `linear (≥ ${Math.round(100 / linear)} % of the best)`,
    // The smallest size is mostly the start of it, which the others do not feel.
    reached: size === sizes[0] || rebuilt >= best / linear,
  }));
  return { results, memory: measured.map(({ size, MiB }) => `rebuild of ${size}: ${MiB} MiB at most`) };
}

async function measure(databaseUrl: string, events: number) {
  const log = await createBenchDatabase(databaseUrl, 'bench_rebuild', { ...orderMigrations, ...projectionMigrations });
  const database = openDatabase<unknown>({ url: log.url, name: 'bench', queryTimeoutMs: 0 });
  try {
    await writeOrders(database.kysely, (events * 5) / 8);
    const env = { BENCH_DATABASE_URL: log.url };
    await measureOnce('rebuild-process.ts', { ...env, BENCH_EXPECTS: 'anything' });
    const { seconds, MiB } = await measureOnce('rebuild-process.ts', { ...env, BENCH_EXPECTS: 'none' });
    return { rebuilt: events / seconds, copied: events / (await copySeconds(log)), MiB };
  } finally {
    await database.close();
    await log.close();
  }
}

/** The server copies the rows from a file of its own: nothing that writes the same table can be faster. */
async function copySeconds(log: BenchDatabase): Promise<number> {
  const [setting] = await log.run(`select current_setting('data_directory') || '/bench_copy' as file`);
  const file = String(setting?.['file']);
  await log.run(`copy orders to '${file}'`);
  await log.run('create table copied (like orders including all)');
  const begin = performance.now();
  await log.run(`copy copied from '${file}'`);
  return (performance.now() - begin) / 1_000;
}
