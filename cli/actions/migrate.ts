import { secretIn } from '../../lib/config/secret-files';
import { migrateOwned, ownedDatabases } from '../../workers/provision/migrations';
import { CommandFailure } from '../failures';
import { print, type OutputOptions } from '../output';
import { processSettings } from '../platform/settings';
import { tlsIn } from '../platform/tls';

export async function migrate(output: OutputOptions): Promise<void> {
  const { env } = processSettings(process.env);
  const owned = ownedDatabases((name) => secretIn(env, name));
  if (owned.length === 0)
    throw new CommandFailure('failed', 'No owner of a database is named: set ORDERS_DATABASE_OWNER_URL and its like');
  await migrateOwned(owned, tlsIn(env, 'POSTGRES'));
  const migrated = owned.map(({ name }) => name);
  print({ migrated }, output, () => `Migrated: ${migrated.join(', ')}`);
}
