import type { Kysely } from 'kysely';
import type { BridgeTables } from './tables';

export async function wasStarted(db: Kysely<BridgeTables>, workflowId: string): Promise<boolean> {
  const row = await db
    .selectFrom('started_sagas')
    .select('workflow_id')
    .where('workflow_id', '=', workflowId)
    .executeTakeFirst();
  return row !== undefined;
}

export async function markStarted(db: Kysely<BridgeTables>, workflowId: string): Promise<void> {
  await db
    .insertInto('started_sagas')
    .values({ workflow_id: workflowId })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
