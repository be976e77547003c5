/** The workflow that a schedule starts, and the one activity that it has. */
export const reconcileWorkflowType = 'reconcile';
export const reconcileScheduleId = 'reconciliation';
export const reconcileTaskQueue = 'reconciliation';

export interface ReconciliationActivities {
  /** Compares all books, publishes the drift as metrics and logs each difference; gives back how many there are. */
  compareAllBooks: () => Promise<number>;
}
