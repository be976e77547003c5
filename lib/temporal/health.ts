import type { Condition } from '../lifecycle/readiness';
import type { TemporalConnection } from './client';

/**
 * Up when Temporal answers and has the namespace.
 * @throws what it answers otherwise.
 */
export async function checkTemporal({ client, namespace }: TemporalConnection): Promise<Condition> {
  const { connection } = client;
  await connection.withDeadline(Date.now() + 2_000, () => connection.workflowService.describeNamespace({ namespace }));
  return { state: 'up' };
}
