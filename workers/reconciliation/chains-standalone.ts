import type { DatabaseUrl } from '../../lib/db/address';
import { openDatabase, type Database } from '../../lib/db/database';
import { serviceNames } from '../modules/roles';
import { unprotectedIn, verifyChains, type ChainReport } from './chains';

export interface ReachOptions {
  /** The URL of a service's database. @throws Error when it is not known. */
  urlOf: (service: string) => DatabaseUrl;
  /** Called for a service that is left out because its database is not configured. */
  onLeftOut?: (service: string, why: string) => void;
}

/** Runs something on the databases of all services, over connections of its own. */
async function onAll<T>(
  { urlOf, onLeftOut }: ReachOptions,
  run: (reachable: Map<string, Database<unknown>['kysely']>) => Promise<T>,
): Promise<T> {
  const opened = new Map<string, Database<unknown>>();
  for (const name of serviceNames)
    try {
      // It reads whole logs.
      opened.set(name, openDatabase<unknown>({ url: urlOf(name), name: 'audit', poolSize: 2, queryTimeoutMs: 0 }));
    } catch (error) {
      onLeftOut?.(name, (error as Error).message);
    }
  try {
    return await run(new Map(Array.from(opened, ([name, { kysely }]) => [name, kysely])));
  } finally {
    await Promise.all(Array.from(opened.values(), (database) => database.close()));
  }
}

/** Verifies all seals and all entries that they cover. @throws `unavailable` when a database does not answer. */
export const verifyChainsStandalone = (options: ReachOptions): Promise<ChainReport> =>
  onAll(options, (reachable) => verifyChains(reachable));

/** The services whose log or audit log their own role could change. */
export const findUnprotected = (options: ReachOptions): Promise<string[]> => onAll(options, unprotectedIn);
