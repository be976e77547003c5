import type { Migration } from 'kysely/migration';
import type { Condition } from '../lifecycle/readiness';
import type { DatabaseUrl } from './address';
import { openDatabase } from './database';
import { selectCondition } from './health-store';

/** Checks the health of a database. */
export interface DatabaseHealth {
  /**
   * Up: it can be read and written, and has all migrations. It queries at most once a second, on a connection of its
   * own: a busy pool is not an outage.
   * @throws when the database cannot be reached.
   */
  check(): Promise<Condition>;
  close(): Promise<void>;
}

const keepMs = 1_000;

export function watchDatabase(
  { url, name }: { url: DatabaseUrl; name: string },
  migrations: Record<string, Migration>,
): DatabaseHealth {
  const own = openDatabase<unknown>({ url, name: `${name} health`, poolSize: 1 });
  let known: { condition: Condition; at: number } | undefined;

  async function query(): Promise<Condition> {
    const { readOnly, names } = await selectCondition(own.kysely);
    if (Object.keys(migrations).some((migration) => !names.includes(migration))) {
      return { state: 'down', reason: 'migrations are missing' };
    }
    return readOnly ? { state: 'limited', reason: 'read-only' } : { state: 'up' };
  }

  return {
    async check() {
      if (known && performance.now() - known.at < keepMs) return known.condition;
      known = undefined;
      const condition = await query();
      known = { condition, at: performance.now() };
      return condition;
    },
    close: () => own.close(),
  };
}
