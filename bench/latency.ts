import type { Stack } from '../infra/local/stack';
import { createBenchDatabase } from './log';
import { median, percentile, type Measured, type Result } from './measure';
import { measureOnce } from './once';
import { emptyQueue } from './queue';

const rounds = 3;

/** From a commit to the start of its handler at 500 events a second, beside a bare relay and consumer, in turns. */
export async function benchLatency({ env, addresses: { databaseUrl } }: Stack): Promise<Measured> {
  const rabbitmqUrl = env['RABBITMQ_URL'] ?? '';
  const database = await createBenchDatabase(databaseUrl, 'bench_latency');
  const sample = async (path: string): Promise<number[]> => {
    await database.run('truncate events, inbox_streams, inbox_parked, relays restart identity');
    await emptyQueue(rabbitmqUrl);
    const { samples } = await measureOnce(path, { RABBITMQ_URL: rabbitmqUrl, BENCH_DATABASE_URL: database.url });
    return samples ?? [];
  };
  try {
    const found = { ours: [] as number[][], bare: [] as number[][] };
    for (let round = 0; round < rounds; round += 1) {
      found.ours.push(await sample('latency-process.ts'));
      found.bare.push(await sample('bare/latency.ts'));
    }
    const at = (share: number, of: number[][]): number => median(of.map((samples) => percentile(samples, share)));
    const row = (name: string, share: number, bar: number): Result =>
      latencyResult(`commit → handler starts, 500/s, ${name}`, at(share, found.ours), at(share, found.bare), bar);
    return { results: [row('p50', 0.5, 5), row('p99', 0.99, 25)], memory: [] };
  } finally {
    await database.close();
  }
}

const latencyResult = (what: string, ours: number, limit: number, bar: number): Result => ({
  what,
  ours: `${ours.toFixed(1)} ms`,
  limit: `${limit.toFixed(1)} ms`,
  comparison: `${ours >= limit ? '+' : '−'}${Math.abs(ours - limit).toFixed(1)} ms`,
  bar: `< ${bar} ms`,
  reached: ours < bar,
});
