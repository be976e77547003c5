import type { Stack } from '../infra/local/stack';
import { createBenchDatabase, fillLog, type BenchDatabase } from './log';
import { rateResult, type Measured } from './measure';
import { measureOnce, type Report } from './once';
import { emptyQueue } from './queue';
import { readCost } from './read-cost';
import { programsInTurns } from './rounds';

const rounds = 3;
const [small, large] = [5_000, 50_000];

/** Draining a backlog beside amqplib alone on the same queue, in turns; and whether log and backlog may grow. */
export async function benchRelay({ env, addresses: { databaseUrl } }: Stack): Promise<Measured> {
  const rabbitmqUrl = env['RABBITMQ_URL'] ?? '';
  const log = await createBenchDatabase(databaseUrl, 'bench_relay');
  const drain = (): Promise<Report> => drainLog(log, rabbitmqUrl);
  try {
    await fillLog(log, small, 100);
    const { MiB: whenSmall } = await drain();
    await log.run('truncate events');
    await fillLog(log, large, 100);
    const { ours, limit, MiB } = await programsInTurns(rounds, large, {
      ours: drain,
      limit: () => publishBare(rabbitmqUrl),
    });
    await emptyQueue(rabbitmqUrl);
    return {
      results: [rateResult('relay draining 50,000', ours, limit, 0.4), await readCost(databaseUrl)],
      memory: [`relay, backlog of ${small}: ${whenSmall} MiB at most`, `of ${large}: ${MiB} MiB`],
    };
  } finally {
    await log.close();
  }
}

/** From the very beginning of the log. */
async function drainLog(log: BenchDatabase, rabbitmqUrl: string): Promise<Report> {
  await log.run('delete from relays');
  await emptyQueue(rabbitmqUrl);
  return measureOnce('relay-process.ts', { RABBITMQ_URL: rabbitmqUrl, BENCH_DATABASE_URL: log.url });
}

async function publishBare(rabbitmqUrl: string): Promise<Report> {
  await emptyQueue(rabbitmqUrl);
  return measureOnce('bare/publisher.ts', { RABBITMQ_URL: rabbitmqUrl, BENCH_EVENTS: String(large) });
}
