import { connect, type ConsumeMessage } from 'amqplib';
import pg from 'pg';
import { sendReport, setting } from '../once';

const [lanes, batchSize, prefetch] = [4, 100, 300];

/** Applies up to a number of messages, all of one lane. */
export type Apply = (client: pg.PoolClient, batch: readonly ConsumeMessage[]) => Promise<unknown>;

/**
 * The least consumer: works a queue off in lanes, up to 100 messages at once in each, without a check; then reports.
 * @param numberOf spreads the streams over the lanes.
 */
export async function workOffBare(queue: string, numberOf: (stream: string) => number, apply: Apply): Promise<void> {
  const events = Number(setting('BENCH_EVENTS'));
  const pool = new pg.Pool({ connectionString: setting('BENCH_DATABASE_URL'), max: lanes });
  const connection = await connect(setting('RABBITMQ_URL'), { noDelay: true });
  const channel = await connection.createChannel();
  await channel.prefetch(prefetch);
  const waiting = Array.from({ length: lanes }, (): ConsumeMessage[] => []);
  const running = new Set<number>();
  let applied = 0;
  const begin = performance.now();

  async function work(lane: number, messages: ConsumeMessage[]): Promise<void> {
    running.add(lane);
    await new Promise(setImmediate);
    const client = await pool.connect();
    while (messages.length > 0) {
      const batch = messages.splice(0, batchSize);
      await apply(client, batch);
      batch.forEach((message) => channel.ack(message));
      applied += batch.length;
    }
    client.release();
    running.delete(lane);
    if (applied === events) sendReport(begin);
  }

  await channel.consume(queue, (message) => {
    if (!message) return;
    const lane = numberOf(streamOf(message)) % lanes;
    const messages = waiting[lane] ?? [];
    messages.push(message);
    if (!running.has(lane)) void work(lane, messages);
  });
}

/** Marks events as seen, as an inbox does. */
export const markSeen: Apply = (client, batch) =>
  client.query({
    name: 'mark',
    text: `insert into inbox_streams (subscription, stream, version)
      select 'bare', stream, max(version) from unnest($1::text[], $2::int[]) as seen (stream, version) group by stream
      on conflict (subscription, stream) do update set version = excluded.version`,
    values: [batch.map(streamOf), batch.map(versionOf)],
  });

const headersOf = (message: ConsumeMessage): Record<string, unknown> => ({ ...message.properties.headers });
export const streamOf = (message: ConsumeMessage): string => String(headersOf(message)['cloudEvents:partitionkey']);
export const versionOf = (message: ConsumeMessage): number => Number(headersOf(message)['cloudEvents:sequence']);
