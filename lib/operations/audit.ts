import type { Queryable } from '../db/database';
import { currentContext } from '../telemetry/context';
import { completeAudit, insertAudit } from './store';

/** The outcome of an action that is under way, or whose process died before it could write down more. */
export const begun = 'begun';

/**
 * Runs an operator's action. Before it begins, the audit log records who asked for what; afterwards, the outcome.
 * @throws what `run` throws; when the entry cannot be written, before anything has been done.
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
  // By then the action has ended, and its result or error matters more than this one: the entry stays `begun`.
  const note = (outcome: unknown): Promise<void> => completeAudit(db, id, outcome).catch(() => undefined);
  try {
    const outcome = await run();
    await note(outcome ?? 'done');
    return outcome;
  } catch (error) {
    await note({ error: (error as Error).message });
    throw error;
  }
}
