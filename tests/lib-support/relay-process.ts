import { connectBroker } from '../../lib/broker/connection/connection';
import { createPublisher } from '../../lib/broker/publishing/publisher';
import { createRelay } from '../../lib/eventlog/relay';
import { createLogger } from '../../lib/telemetry/logger';
import { createMetrics } from '../../lib/telemetry/metrics';
import { required } from './required';

// A relay in its own process, for tests that kill it: fork it with the exchange as its argument.
async function main(exchange: string): Promise<void> {
  const logger = createLogger({ name: 'relay', level: 'silent' });
  const broker = await connectBroker({ url: required('RABBITMQ_URL'), name: 'relay', logger });
  const publisher = createPublisher(broker, { name: 'relay', logger });
  const database = { url: required('DATABASE_URL') };
  const tuning = { leaseMs: 500, saveAfterMs: 1, batchSize: 50, window: 100 };
  const metrics = createMetrics();
  await createRelay({
    database,
    exchange,
    source: '/test',
    publisher,
    logger,
    metrics,
    owner: 'child',
    tuning,
  }).start();
}

void main(process.argv[2] ?? '');
