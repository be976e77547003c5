import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import pg from 'pg';
import { openDatabase } from '../../lib/db/database';
import { createSimulatedGateway } from '../../services/payments/gateway/simulator';
import type { GatewayTables } from '../../services/payments/gateway/store';
import { createSimulatedCarrier } from '../../services/shipping/carrier/simulator';
import type { CarrierTables } from '../../services/shipping/carrier/store';
import { setting } from '../once';
import { createBareSteps } from './saga-steps';

/**
 * The limit's workers: a queue for the workflow and one for each service, with the slots and polls of the real ones, and
 * the same simulated third parties.
 */
async function main(): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
  const connection = await NativeConnection.connect({ address: setting('TEMPORAL_ADDRESS') });
  const pool = new pg.Pool({ connectionString: setting('BENCH_DATABASE_URL'), max: 10 });
  const ofGateway = openDatabase<GatewayTables>({ url: setting('GATEWAY_DATABASE_URL'), name: 'bare gateway' });
  const ofCarrier = openDatabase<CarrierTables>({ url: setting('SHIPPING_DATABASE_URL'), name: 'bare carrier' });
  const activities = createBareSteps({
    pool,
    gateway: createSimulatedGateway({ database: ofGateway }),
    carrier: createSimulatedCarrier({ db: ofCarrier.kysely }),
  });
  const slots = { connection, maxConcurrentActivityTaskExecutions: 100 };
  const saga = await Worker.create({
    ...slots,
    taskQueue: 'bare-saga',
    workflowsPath: require.resolve('./saga-workflow'),
    activities: { doNothing: () => Promise.resolve() },
    maxConcurrentWorkflowTaskPolls: 40,
    maxConcurrentWorkflowTaskExecutions: 100,
    maxConcurrentActivityTaskPolls: 20,
  });
  const owners = ['inventory', 'payments', 'shipping', 'orders'].map((owner) =>
    Worker.create({ ...slots, taskQueue: `bare-${owner}`, activities, maxConcurrentActivityTaskPolls: 5 }),
  );
  const workers = [saga, ...(await Promise.all(owners))];
  const running = Promise.all(workers.map((worker) => worker.run()));
  process.send?.('ready');
  process.on('SIGTERM', () => workers.forEach((worker) => worker.shutdown()));
  await running;
  await Promise.all([pool.end(), ofGateway.close(), ofCarrier.close()]);
}

void main();
