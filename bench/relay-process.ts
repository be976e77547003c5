import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { connectBroker } from '../lib/broker/connection/connection';
import { createPublisher } from '../lib/broker/publishing/publisher';
import { createRelay } from '../lib/eventlog/relay';
import { createLogger } from '../lib/telemetry/logger';
import { createMetrics } from '../lib/telemetry/metrics';
import { noteEvents } from './notes';
import { sendReport, setting } from './once';

// A relay as the platform runs it, from its start until its cursor is at the end of the log.
async function main(): Promise<void> {
  const url = setting('BENCH_DATABASE_URL');
  const logger = createLogger({ name: 'relay', level: 'warn' });
  const broker = await connectBroker({ url: setting('RABBITMQ_URL'), name: 'relay', logger });
  const publisher = createPublisher(broker, { name: 'relay', logger });
  const exchange = process.env['BENCH_EXCHANGE'] ?? noteEvents.name;
  const metrics = createMetrics();
  const watcher = new Client({ connectionString: url });
  await watcher.connect();
  const behind = async (): Promise<boolean> => {
    const { rows } = await watcher.query(
      'select 1 from relays where (cursor_xid, cursor_position) = (select xid, position from events order by xid desc, position desc limit 1)',
    );
    return rows.length === 0;
  };
  const begin = performance.now();
  const owner = 'bench';
  await createRelay({ database: { url }, exchange, source: '/bench', publisher, logger, metrics, owner }).start();
  while (await behind()) await sleep(20);
  sendReport(begin);
}

void main();
