import type { Stack } from '../infra/local/stack';
import { createBenchDatabase, fillLog, type BenchDatabase } from './log';
import { rateResult, type Measured } from './measure';
import { measureOnce } from './once';
import { emptyQueue } from './queue';
import { programsInTurns } from './rounds';

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
    const workOff = async (path: string) => {
      await refill(database, variables);
      return measureOnce(path, variables);
    };
    const { ours, limit, MiB } = await programsInTurns(rounds, events, {
      ours: () => workOff('projection-process.ts'),
      limit: () => workOff('bare/consumer.ts'),
    });
    await emptyQueue(rabbitmqUrl);
    const what = `projection working off ${events.toLocaleString('en')}`;
    return {
      results: [rateResult(what, ours, limit, 0.5)],
      memory: [`projection: ${MiB} MiB at most`],
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
