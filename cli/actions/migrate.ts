import { fixed } from '../../lib/config/live';
import { secretIn } from '../../lib/config/secret-files';
import { declaredDatabases } from '../../workers/modules/databases';
import { migrateAsOwner } from '../../workers/platform/migrate-database';
import { CommandFailure } from '../failures';
import { print, type OutputOptions } from '../output';
import { processSettings } from '../platform/settings';
import { tlsIn } from '../platform/tls';

export async function migrate(output: OutputOptions): Promise<void> {
  const { env } = processSettings(process.env);
  const tls = tlsIn(env, 'POSTGRES');
  const migrated: string[] = [];
  for (const { name, migrations } of declaredDatabases) {
    const variable = `${name.toUpperCase()}_DATABASE`;
    const [url, ownerUrl] = [secretIn(env, `${variable}_URL`), secretIn(env, `${variable}_OWNER_URL`)];
    if (!ownerUrl) continue;
    if (!url) throw new CommandFailure('failed', `Set ${variable}_URL: its role is granted what it needs`);
    const owner = tls ? fixed({ url: ownerUrl, tls }) : ownerUrl;
    await migrateAsOwner({ name, role: decodeURIComponent(new URL(url).username), owner }, migrations);
    migrated.push(name);
  }
  if (migrated.length === 0)
    throw new CommandFailure('failed', 'No owner of a database is named: set ORDERS_DATABASE_OWNER_URL and its like');
  print({ migrated }, output, () => `Migrated: ${migrated.join(', ')}`);
}
