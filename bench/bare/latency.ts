import { connect } from 'amqplib';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { noteEvents } from '../notes';
import { setting } from '../once';
import { startPace } from '../pace';
import { noteQueue } from '../queue';

const insert = {
  name: 'insert',
  text: `insert into events (event_id, stream, version, type, data_version, data, metadata)
    values ($1, $2, 1, 'note.taken', 1, $3, '{}')`,
};
const read = {
  name: 'read',
  text: `select position::int, stream, data::text from events
    where position > $1 and xid < pg_snapshot_xmin(pg_current_snapshot()) order by position limit 500`,
};

/** The limit for the latency: a loop that reads and publishes when it is notified of a commit, and a consumer that acks. */
async function main(): Promise<void> {
  const pool = new pg.Pool({ connectionString: setting('BENCH_DATABASE_URL'), max: 11 });
  const connection = await connect(setting('RABBITMQ_URL'), { noDelay: true });
  const publishing = await (await connect(setting('RABBITMQ_URL'), { noDelay: true })).createConfirmChannel();
  const channel = await connection.createChannel();
  await channel.prefetch(300);
  let handle: (stream: string) => void = () => undefined;
  let [after, isReading, again] = [0, false, false];

  async function relay(): Promise<void> {
    again = true;
    if (isReading) return;
    isReading = true;
    while (again) {
      again = false;
      const { rows } = await pool.query<{ position: number; stream: string; data: string }>({
        ...read,
        values: [after],
      });
      for (const { position, stream, data } of rows) {
        const properties = { persistent: true, mandatory: true, headers: { stream } };
        publishing.publish(noteEvents.name, 'note.taken', Buffer.from(data), properties);
        after = position;
      }
      await publishing.waitForConfirms();
    }
    isReading = false;
  }

  await channel.consume(noteQueue.queue, (message) => {
    if (!message) return;
    handle(String(message.properties.headers?.['stream']));
    channel.ack(message);
  });
  // What the horizon holds back is read a little later.
  setInterval(() => void relay(), 5);
  handle = startPace(async (stream) => {
    await pool.query({ ...insert, values: [randomUUID(), stream, JSON.stringify({ text: 'x'.repeat(280) })] });
    void relay();
  });
}

void main();
