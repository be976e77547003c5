import { connect, type ConsumeMessage } from 'amqplib';
import pg from 'pg';
import { sendReport, setting } from '../once';

const [lanes, batchSize, prefetch] = [4, 100, 300];

const mark = {
  name: 'mark',
  text: `insert into inbox_streams (subscription, stream, version)
    select 'bare', stream, max(version) from unnest($1::text[], $2::int[]) as seen (stream, version) group by stream
    on conflict (subscription, stream) do update set version = excluded.version`,
};

/** The limit for a service that listens: the same marks, up to 100 events a statement, four at once; no effects. */
async function main(): Promise<void> {
  const events = Number(setting('BENCH_EVENTS'));
  const pool = new pg.Pool({ connectionString: setting('BENCH_DATABASE_URL'), max: lanes });
  const connection = await connect(setting('RABBITMQ_URL'), { noDelay: true });
  const channel = await connection.createChannel();
  await channel.prefetch(prefetch);
  const waiting = Array.from({ length: lanes }, (): ConsumeMessage[] => []);
  const running = new Set<number>();
  let seen = 0;
  const begin = performance.now();

  async function work(lane: number, messages: ConsumeMessage[]): Promise<void> {
    running.add(lane);
    await new Promise(setImmediate);
    while (messages.length > 0) {
      const batch = messages.splice(0, batchSize);
      await pool.query({ ...mark, values: [batch.map(streamOf), batch.map(versionOf)] });
      batch.forEach((message) => channel.ack(message));
      seen += batch.length;
    }
    running.delete(lane);
    if (seen === events) sendReport(begin);
  }

  await channel.consume(setting('BENCH_QUEUE'), (message) => {
    if (!message) return;
    // Streams end in hexadecimal digits: one stream, one lane.
    const lane = parseInt(streamOf(message).slice(-1), 16) % lanes;
    const messages = waiting[lane] ?? [];
    messages.push(message);
    if (!running.has(lane)) void work(lane, messages);
  });
}

const headersOf = (message: ConsumeMessage): Record<string, unknown> => ({ ...message.properties.headers });
const streamOf = (message: ConsumeMessage): string => String(headersOf(message)['cloudEvents:partitionkey']);
const versionOf = (message: ConsumeMessage): number => Number(headersOf(message)['cloudEvents:sequence']);

void main();
