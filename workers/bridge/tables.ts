import type { Generated } from 'kysely';

export interface BridgeTables {
  /** Every saga that was ever started: Temporal forgets a workflow's id after its retention, this does not. */
  started_sagas: { workflow_id: string; time: Generated<Date> };
}
