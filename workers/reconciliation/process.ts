import {
  isGrpcServiceError,
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  type Client,
  type ScheduleSpec,
} from '@temporalio/client';
import {
  reconcileScheduleId,
  reconcileTaskQueue,
  reconcileWorkflowType,
  type ReconciliationActivities,
} from '../../contracts/saga/reconciliation';
import { taskQueues } from '../../contracts/saga/order';
import type { Kysely } from 'kysely';
import { openDatabase } from '../../lib/db/database';
import { createActivityWorker } from '../../lib/temporal/worker';
import { databaseUrlOf, variableOf } from '../config/config';
import { temporalOf, type Platform } from '../platform/platform';
import { books, openBooks } from './books';
import { createChainCheck } from './chain-check';
import { driftKinds } from './compare';
import { createDriftGauges } from './drift-gauges';
import { createProgressCheck } from './progress-check';
import { reconcile } from './reconcile';

/**
 * Starts the regular reconciliation, by a schedule of Temporal, so that one of all processes runs it. It needs the URL of
 * every database, and logs when one is missing. With `RECONCILE_EVERY_MS` 0 it is off, and the schedule is deleted.
 */
export async function startReconciliation(platform: Platform): Promise<void> {
  const { config, lifecycle, metrics, logger } = platform;
  const temporal = temporalOf(platform);
  const everyMs = config.RECONCILE_EVERY_MS;
  if (everyMs === 0) return removeSchedule(temporal.client);
  const missing = books.filter((name) => databaseUrlOf(config, name) === undefined);
  if (missing.length > 0) {
    const variables = missing.map((name) => variableOf(name, 'DATABASE_URL'));
    logger.info({ missing: variables }, 'reconciliation disabled in this process: databases not configured');
    return;
  }
  const dbOf = createOpener(platform);
  const databases = openBooks(dbOf);
  const checkProgress = createProgressCheck(platform, dbOf);
  const checkChains = createChainCheck(platform, dbOf);
  const gauges = createDriftGauges(metrics, everyMs * 1.5);
  const activities: ReconciliationActivities = {
    async compareAllBooks() {
      const found = await reconcile({ databases, client: temporal.client });
      const behind = await checkProgress();
      const chain = await checkChains();
      const orders = found.orders;
      const drift = [...found.drift, ...(behind ?? []), ...(chain ?? [])];
      gauges.publish(
        { orders, drift },
        new Date(),
        driftKinds.filter((kind) => (kind !== 'behind' || behind) && (kind !== 'chain' || chain)),
      );
      for (const one of drift) logger.warn(one, 'drift found');
      logger.info({ orders, drift: drift.length }, 'reconciliation finished');
      return drift.length;
    },
  };
  const worker = await createActivityWorker({ temporal, taskQueue: reconcileTaskQueue, activities });
  worker.start();
  lifecycle.onStop('reconciliation', async () => {
    await worker.stop();
    gauges.stop();
  });
  await ensureSchedule(temporal.client, everyMs);
}

/** Opens databases on demand, once each, and closes them with the process. */
function createOpener({ addresses, lifecycle }: Platform): (name: string) => Kysely<unknown> {
  const opened = new Map<string, Kysely<unknown>>();
  return (name) => {
    const known = opened.get(name);
    if (known) return known;
    const url = addresses.database(name) ?? '';
    const database = openDatabase<unknown>({ url, name: 'reconciliation', poolSize: 1, queryTimeoutMs: 0 });
    lifecycle.onStop('reconciliation database', () => database.close());
    opened.set(name, database.kysely);
    return database.kysely;
  };
}

async function removeSchedule(client: Client): Promise<void> {
  try {
    await client.schedule.getHandle(reconcileScheduleId).delete();
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
  }
}

async function ensureSchedule(client: Client, everyMs: number): Promise<void> {
  const spec = { intervals: [{ every: everyMs }] };
  const create = (): Promise<unknown> =>
    client.schedule.create({
      scheduleId: reconcileScheduleId,
      spec,
      policies: { overlap: ScheduleOverlapPolicy.SKIP },
      action: {
        type: 'startWorkflow',
        workflowType: reconcileWorkflowType,
        workflowId: reconcileScheduleId,
        taskQueue: taskQueues.saga,
        args: [],
      },
    });
  try {
    await create();
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await changeSpec(client, spec, create);
  }
}

/** How long Temporal may take to describe a schedule. */
const describeTimeoutMs = 5_000;
/** gRPC's DEADLINE_EXCEEDED. */
const deadlineExceeded = 4;

/** A schedule whose server was down for a day was seen not to answer any more; then it is made anew. */
async function changeSpec(client: Client, spec: ScheduleSpec, create: () => Promise<unknown>): Promise<void> {
  const handle = client.schedule.getHandle(reconcileScheduleId);
  try {
    await client.withDeadline(Date.now() + describeTimeoutMs, () => handle.update((known) => ({ ...known, spec })));
  } catch (error) {
    const { cause } = error as Error;
    if (!isGrpcServiceError(cause) || (cause.code as number) !== deadlineExceeded) throw error;
    await removeSchedule(client);
    await create();
  }
}
