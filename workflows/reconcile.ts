import { proxyActivities } from '@temporalio/workflow';
import { reconcileTaskQueue, type ReconciliationActivities } from '../contracts/saga/reconciliation';

const { compareAllBooks } = proxyActivities<ReconciliationActivities>({
  taskQueue: reconcileTaskQueue,
  // Nobody there to do it: the schedule does not begin another one before this one is over.
  scheduleToStartTimeout: '5 minutes',
  startToCloseTimeout: '10 minutes',
  // The next one comes soon enough.
  retry: { maximumAttempts: 1 },
});

/** Compares the books of all services; its result, the number of differences, is seen in the Web UI. */
export const reconcile = (): Promise<number> => compareAllBooks();
