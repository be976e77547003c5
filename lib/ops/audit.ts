import type { Queryable } from '../db/database';
import { currentContext } from '../telemetry/context';
import { insertAudit } from './store';

/** Runs what an operator asked for, and writes down who asked for what, and what it came to. */
export async function audited<T>(
  db: Queryable,
  action: string,
  target: string,
  request: object,
  run: () => Promise<T>,
): Promise<T> {
  const entry = { actor: currentContext().actor ?? 'unknown', action, target, request };
  try {
    const outcome = await run();
    await insertAudit(db, { ...entry, outcome: outcome ?? 'done' });
    return outcome;
  } catch (error) {
    // What went wrong matters more than that it could not be written down, too.
    await insertAudit(db, { ...entry, outcome: { error: (error as Error).message } }).catch(() => undefined);
    throw error;
  }
}
