/** The workflow that a schedule starts, and its one activity. */
export const reconcileWorkflowType = 'reconcile';
export const reconcileScheduleId = 'reconciliation';
export const reconcileTaskQueue = 'reconciliation';

export interface ReconciliationActivities {
  /** Compares the records of all services, publishes the drift as metrics and logs each difference. @returns how many. */
  compareAllBooks: () => Promise<number>;
}
