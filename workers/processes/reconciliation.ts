import { ScheduleAlreadyRunning, ScheduleOverlapPolicy, type Client } from '@temporalio/client';
import {
  reconcileScheduleId,
  reconcileTaskQueue,
  reconcileWorkflowType,
  type ReconciliationActivities,
} from '../../contracts/saga/reconciliation';
import { taskQueues } from '../../contracts/saga/task-queues';
import type { Queryable } from '../../lib/db/database';
import { openDatabase } from '../../lib/db/database';
import { createActivityWorker } from '../../lib/temporal/worker';
import { audit, type AuditOptions } from '../audit/audit';
import { driftKinds } from '../audit/compare';
import { temporalOf, type Platform } from '../platform';

/**
 * Has the books compared again and again, by a schedule of Temporal: one of all processes does it. Only where every
 * database is known; `RECONCILE_EVERY_MS` of 0 leaves it out.
 */
export async function startReconciliation(platform: Platform): Promise<void> {
  const { config, lifecycle, metrics, logger } = platform;
  const temporal = temporalOf(platform);
  const databases = openBooks(platform);
  if (!databases || config.RECONCILE_EVERY_MS === 0) return;
  const gauge = metrics.gauge('sagaworks_drift', 'Differences between the books of the services', ['kind']);
  const activities: ReconciliationActivities = {
    async compareAllBooks() {
      const { drift, orders } = await audit({ databases, client: temporal.client });
      for (const kind of driftKinds) gauge.set({ kind }, drift.filter((one) => one.kind === kind).length);
      for (const one of drift) logger.warn(one, 'the books differ');
      logger.info({ orders, drift: drift.length }, 'the books were compared');
      return drift.length;
    },
  };
  const worker = await createActivityWorker({ temporal, taskQueue: reconcileTaskQueue, activities });
  worker.start();
  lifecycle.onStop('reconciliation', () => worker.stop());
  await ensureSchedule(temporal.client, config.RECONCILE_EVERY_MS);
}

function openBooks({ config, lifecycle }: Platform): AuditOptions['databases'] | undefined {
  const { ORDERS_DATABASE_URL, PAYMENTS_DATABASE_URL, SHIPPING_DATABASE_URL } = config;
  const { INVENTORY_DATABASE_URL, GATEWAY_DATABASE_URL } = config;
  const open = (url: string): Queryable => {
    const database = openDatabase<unknown>({ url, name: 'reconciliation', poolSize: 1 });
    lifecycle.onStop('reconciliation database', () => database.close());
    return database.kysely;
  };
  if (!ORDERS_DATABASE_URL || !PAYMENTS_DATABASE_URL || !SHIPPING_DATABASE_URL) return undefined;
  if (!INVENTORY_DATABASE_URL || !GATEWAY_DATABASE_URL) return undefined;
  return {
    orders: open(ORDERS_DATABASE_URL),
    payments: open(PAYMENTS_DATABASE_URL),
    shipping: open(SHIPPING_DATABASE_URL),
    inventory: open(INVENTORY_DATABASE_URL),
    gateway: open(GATEWAY_DATABASE_URL),
  };
}

async function ensureSchedule(client: Client, everyMs: number): Promise<void> {
  const spec = { intervals: [{ every: everyMs }] };
  try {
    await client.schedule.create({
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
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await client.schedule.getHandle(reconcileScheduleId).update((known) => ({ ...known, spec }));
  }
}
