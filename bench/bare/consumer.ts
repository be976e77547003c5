import { connect, type ConsumeMessage } from 'amqplib';
import pg from 'pg';
import { noteQueue } from '../queue';
import { sendReport, setting } from '../once';

const [lanes, batchSize, prefetch] = [4, 100, 300];

const upsert = {
  name: 'upsert',
  text: `insert into notes (stream, text, version) values ($1, $2, $3)
    on conflict (stream) do update set text = excluded.text, version = excluded.version`,
};
const mark = {
  name: 'mark',
  text: `insert into inbox_streams (subscription, stream, version)
    select 'bare', stream, max(version) from unnest($1::text[], $2::int[]) as applied (stream, version) group by stream
    on conflict (subscription, stream) do update set version = excluded.version`,
};

/** The limit for a projection: the same upserts and marks, up to 100 messages a transaction, four at once; no checks. */
async function main(): Promise<void> {
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

  await channel.consume(noteQueue.queue, (message) => {
    if (!message) return;
    // Streams are numbered: one stream, one lane.
    const lane = Number(streamOf(message).slice('note-'.length)) % lanes;
    const messages = waiting[lane] ?? [];
    messages.push(message);
    if (!running.has(lane)) void work(lane, messages);
  });
}

async function apply(client: pg.PoolClient, batch: readonly ConsumeMessage[]): Promise<void> {
  await client.query('begin');
  for (const message of batch) {
    const { text } = JSON.parse(message.content.toString()) as { text: string };
    await client.query({ ...upsert, values: [streamOf(message), text, versionOf(message)] });
  }
  await client.query({ ...mark, values: [batch.map(streamOf), batch.map(versionOf)] });
  await client.query('commit');
}

const headersOf = (message: ConsumeMessage): Record<string, unknown> => ({ ...message.properties.headers });
const streamOf = (message: ConsumeMessage): string => String(headersOf(message)['cloudEvents:partitionkey']);
const versionOf = (message: ConsumeMessage): number => Number(headersOf(message)['cloudEvents:sequence']);

void main();
