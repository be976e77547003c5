import { queueOf } from '../lib/inbox/processing/queue';
import { openDatabase } from '../lib/db/database';
import { declareQueue } from '../lib/broker/topology/declare';
import { eventLogMigrations } from '../lib/eventlog/migrations';
import { exchanges } from '../contracts/events';
import type { Stack } from '../infra/local/stack';
import { writeOrders } from '../tests/support/order-log';
import { onBroker } from './queue';
import { listeners, type Listener } from './listeners';
import { createBenchDatabase, type BenchDatabase } from './log';
import { rateResult, reported, type Measured, type Result } from './measure';
import { measureOnce } from './once';
import { programsInTurns } from './rounds';

const rounds = 3;
/** Eight events are five orders; `EVENTS=4000 npm run bench -- subscribers` measures fewer. */
const events = Math.ceil(Number(process.env['EVENTS'] ?? 50_000) / 8) * 8;

/**
 * Each service that only listens works off a backlog of orders that was published before it starts, beside a bare
 * consumer that marks every event as seen, in batches alike, and does nothing else; in turns.
 */
export async function benchSubscribers({ env, addresses: { databaseUrl } }: Stack): Promise<Measured> {
  const measured: { result: Result; memory: string }[] = [];
  for (const listener of listeners) measured.push(await measure(listener, databaseUrl, env['RABBITMQ_URL'] ?? ''));
  return { results: measured.map(({ result }) => result), memory: measured.map(({ memory }) => memory) };
}

async function measure(listener: Listener, databaseUrl: string, rabbitmqUrl: string) {
  const { name, subscription, migrations } = listener;
  const queue = queueOf(`bench-${name}`, subscription);
  const log = await createBenchDatabase(databaseUrl, `bench_${name}`, { ...eventLogMigrations, ...migrations });
  const variables = {
    RABBITMQ_URL: rabbitmqUrl,
    BENCH_DATABASE_URL: log.url,
    BENCH_EVENTS: String(events),
    BENCH_EXCHANGE: exchanges.orders.name,
    BENCH_LISTENER: name,
    BENCH_QUEUE: queue.queue,
  };
  const refill = async (): Promise<void> => {
    await forget(log);
    await onBroker(rabbitmqUrl, async (channel) => {
      await declareQueue(channel, queue);
      await channel.purgeQueue(queue.queue);
    });
    await measureOnce('relay-process.ts', variables);
  };
  try {
    await fill(log);
    const workOff = async (path: string) => {
      await refill();
      return measureOnce(path, variables);
    };
    const { ours, limit, MiB } = await programsInTurns(rounds, events, {
      ours: () => workOff('subscriber-process.ts'),
      limit: () => workOff('bare/subscriber.ts'),
    });
    const what = `${name} working off ${events.toLocaleString('en')} (limit: marks alone)`;
    return { result: reported(rateResult(what, ours, limit, 0)), memory: `${name}: ${MiB} MiB at most` };
  } finally {
    await onBroker(rabbitmqUrl, (channel) => channel.deleteQueue(queue.queue));
    await log.close();
  }
}

async function fill(log: BenchDatabase): Promise<void> {
  const database = openDatabase<unknown>({ url: log.url, name: 'bench', queryTimeoutMs: 0 });
  await writeOrders(database.kysely, (events * 5) / 8);
  await database.close();
}

/** Nothing published and nothing applied; the log stays. */
async function forget(log: BenchDatabase): Promise<void> {
  const tables = await log.run(
    `select quote_ident(tablename) as name from pg_tables where schemaname = 'public'
      and tablename not like 'kysely%' and tablename not in ('events', 'basket_totals')`,
  );
  await log.run(`truncate ${tables.map(({ name }) => String(name)).join(', ')}`);
}
