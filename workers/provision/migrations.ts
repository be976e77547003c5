import { fixed } from '../../lib/config/live';
import type { ClientTls } from '../../lib/tls/client-tls';
import { variableOf } from '../config/config';
import { declaredDatabases } from '../modules/databases';
import { migrateAsOwner } from '../platform/migrate-database';

/** A database of the platform that has an owner, with the URLs of its two roles. */
export interface OwnedDatabase {
  name: string;
  url: string;
  ownerUrl: string;
}

/**
 * The databases whose owner is named, as in `ORDERS_DATABASE_OWNER_URL` beside `ORDERS_DATABASE_URL`.
 * @param secretOf the value of a secret setting
 * @throws Error when only the owner of one is named
 */
export function ownedDatabases(secretOf: (name: string) => string | undefined): OwnedDatabase[] {
  return declaredDatabases.flatMap(({ name }) => {
    const [url, ownerUrl] = [
      secretOf(variableOf(name, 'DATABASE_URL')),
      secretOf(variableOf(name, 'DATABASE_OWNER_URL')),
    ];
    if (!ownerUrl) return [];
    if (!url) throw new Error(`Set ${variableOf(name, 'DATABASE_URL')}: its role is granted what it needs`);
    return [{ name, url, ownerUrl }];
  });
}

/** Migrates databases as their owners, and grants the running roles what they need. @throws as `migrateAsOwner` does */
export async function migrateOwned(owned: readonly OwnedDatabase[], tls: ClientTls | undefined): Promise<void> {
  for (const { name, url, ownerUrl } of owned) {
    const owner = tls ? fixed({ url: ownerUrl, tls }) : ownerUrl;
    const migrations = declaredDatabases.find((one) => one.name === name)?.migrations ?? {};
    await migrateAsOwner({ name, role: decodeURIComponent(new URL(url).username), owner }, migrations);
  }
}
