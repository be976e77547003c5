import type { Queryable } from '../db/database';
import { currentContext } from '../telemetry/context';
import { insertAudit, updateAudit } from './store';

/** What the audit says of an action that is under way, or whose process died before it could say more. */
export const begun = 'begun';

/**
 * Runs what an operator asked for, and writes down who asked for what before it begins, and afterwards what it came to.
 * @throws what `run` throws; or, having done nothing, when it can't be written down that it begins.
 */
export async function audited<T>(
  db: Queryable,
  action: string,
  target: string,
  request: object,
  run: () => Promise<T>,
): Promise<T> {
  const entry = { actor: currentContext().actor ?? 'unknown', action, target, request };
  const id = await insertAudit(db, { ...entry, outcome: begun });
  // It is done by then, or has failed for a reason of its own, which matters more: the entry stays as begun.
  const note = (outcome: unknown): Promise<void> => updateAudit(db, id, outcome).catch(() => undefined);
  try {
    const outcome = await run();
    await note(outcome ?? 'done');
    return outcome;
  } catch (error) {
    await note({ error: (error as Error).message });
    throw error;
  }
}
