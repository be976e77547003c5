import { connectBroker } from '../lib/broker/connection/connection';
import { createPublisher } from '../lib/broker/publishing/publisher';
import { openDatabase } from '../lib/db/database';
import { appendEvents } from '../lib/eventlog/store';
import { createRelay } from '../lib/eventlog/relay';
import { createCommitNotifier } from '../lib/eventlog/commit-notifier';
import { createConsumer } from '../lib/inbox/processing/consumer';
import { ordered } from '../lib/inbox/subscription/subscription';
import { createLogger } from '../lib/telemetry/logger';
import { createMetrics } from '../lib/telemetry/metrics';
import { noteEvents } from './notes';
import { setting } from './once';
import { startPace } from './pace';

// Writer, relay and consumer as in one process of the platform.
async function main(): Promise<void> {
  const url = setting('BENCH_DATABASE_URL');
  const logger = createLogger({ name: 'latency', level: 'warn' });
  const metrics = createMetrics();
  const broker = await connectBroker({ url: setting('RABBITMQ_URL'), name: 'latency', logger });
  const database = openDatabase<unknown>({ url, name: 'latency' });
  const publisher = createPublisher(broker, { name: 'latency', logger });
  const notifier = createCommitNotifier(database);
  let handle: (stream: string) => void = () => undefined;
  const subscription = ordered<unknown>()({
    name: 'latency',
    version: 1,
    from: noteEvents,
    on: {
      'note.taken': (_, __, { stream }) => {
        handle(stream);
        return Promise.resolve();
      },
    },
  });
  const exchange = noteEvents.name;
  const relay = { database: { url }, exchange, source: '/bench', publisher, notifier, logger, metrics, owner: 'bench' };
  await createConsumer({ broker, publisher, database, consumer: 'reader', subscription, logger, metrics }).start();
  await createRelay(relay).start();
  handle = startPace(async (stream) => {
    const events = [{ type: 'note.taken', dataVersion: 1, data: { text: 'x'.repeat(280) } }];
    await appendEvents(database.kysely, [{ stream, expectedVersion: 0, events }]);
    notifier.notify();
  });
}

void main();
