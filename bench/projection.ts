import type { Stack } from '../infra/local/stack';
import { createBenchDatabase, fillLog, type BenchDatabase } from './log';
import { median, rateResult, type Measured } from './measure';
import { measureOnce } from './once';
import { emptyQueue } from './queue';

const rounds = 3;
const events = 20_000;

/** A projection that works off a backlog beside a bare consumer with the same statements in batches alike, in turns. */
export async function benchProjection({ env, addresses: { databaseUrl } }: Stack): Promise<Measured> {
  const rabbitmqUrl = env['RABBITMQ_URL'] ?? '';
  const database = await createBenchDatabase(databaseUrl, 'bench_projection');
  const variables = {
    RABBITMQ_URL: rabbitmqUrl,
    BENCH_DATABASE_URL: database.url,
    BENCH_EVENTS: String(events),
  };
  await database.run('create table notes (stream text primary key, text text not null, version int not null)');
  await fillLog(database, events, 1_000);
  try {
    const rates = { ours: [] as number[], bare: [] as number[] };
    let memory = 0;
    for (let round = 0; round < rounds; round += 1) {
      await refill(database, variables);
      const ours = await measureOnce('projection-process.ts', variables);
      await refill(database, variables);
      const bare = await measureOnce('bare/consumer.ts', variables);
      rates.ours.push(events / ours.seconds);
      rates.bare.push(events / bare.seconds);
      memory = Math.max(memory, ours.MiB);
    }
    await emptyQueue(rabbitmqUrl);
    const what = `projection working off ${events.toLocaleString('en')}`;
    return {
      results: [rateResult(what, median(rates.ours), median(rates.bare), 0.5)],
      memory: [`projection: ${memory} MiB at most`],
    };
  } finally {
    await database.close();
  }
}

/** The whole log in the queue again, and nothing applied of it. */
async function refill(database: BenchDatabase, variables: Record<string, string>): Promise<void> {
  await database.run('truncate notes, inbox_streams, inbox_parked, relays');
  await emptyQueue(variables['RABBITMQ_URL'] ?? '');
  await measureOnce('relay-process.ts', variables);
}
