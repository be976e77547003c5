import { randomUUID } from 'node:crypto';
import { ownerOf, prepareDatabases, type DatabaseUrls } from '../../infra/local/databases';
import { asAdmin } from '../lib-support/database';
import { required } from '../lib-support/required';

/** An empty database with its two roles, as the local stack makes them. */
export interface OwnedDatabase extends DatabaseUrls {
  name: string;
  /** As the administrator of the server. */
  adminUrl: string;
  drop(): Promise<void>;
}

export async function createOwnedDatabase(): Promise<OwnedDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const admin = required('DATABASE_URL');
  const made = await prepareDatabases(admin, { [name]: { running: randomUUID(), owner: randomUUID() } });
  const { url, ownerUrl } = made[name] ?? { url: '', ownerUrl: '' };
  const adminUrl = new URL(admin);
  adminUrl.pathname = `/${name}`;
  const drop = () => asAdmin(`drop database ${name} with (force)`, `drop role ${name}`, `drop role ${ownerOf(name)}`);
  return { name, url, ownerUrl, adminUrl: adminUrl.href, drop };
}
