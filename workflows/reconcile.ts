import { proxyActivities } from '@temporalio/workflow';
import { reconcileTaskQueue, type ReconciliationActivities } from '../contracts/saga/reconciliation';

const { compareAllBooks } = proxyActivities<ReconciliationActivities>({
  taskQueue: reconcileTaskQueue,
  // When no worker is available: the schedule starts no other one before this one has ended.
  scheduleToStartTimeout: '5 minutes',
  startToCloseTimeout: '10 minutes',
  // The next scheduled run is soon enough.
  retry: { maximumAttempts: 1 },
});

/** Compares the records of all services. @returns the number of differences, which the Web UI shows. */
export const reconcile = (): Promise<number> => compareAllBooks();
