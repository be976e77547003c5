import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { connectionTo, explainRefusal, type DatabaseAddress } from '../../lib/db/address';
import { scramVerifier } from '../../lib/db/scram';
import { databaseStatements, type WantedDatabase, type WantedRole } from './database-script';

/** A database as its two URLs name it: database, roles and passwords. @throws Error when a part of a URL is missing. */
export function wantedDatabase({ url, ownerUrl }: { url: string; ownerUrl: string }): WantedDatabase {
  const database = decodeURIComponent(new URL(url).pathname.slice(1));
  if (database === '') throw new Error('A database URL names no database');
  return { database, running: roleIn(url), owner: roleIn(ownerUrl) };
}

function roleIn(url: string): WantedRole {
  const { username, password } = new URL(url);
  if (username === '' || password === '') throw new Error('A database URL names no user, or no password');
  return { role: decodeURIComponent(username), verifier: scramVerifier(decodeURIComponent(password), randomBytes(16)) };
}

/**
 * Makes databases and roles as `databaseStatements` says; can be repeated, and several may do so at the same time.
 * @param admin an administrator of the server: it may create roles and databases
 * @throws Error when a database of that name is not ours, or the administrator may not do it
 */
export async function provisionDatabases(admin: DatabaseAddress, wanted: readonly WantedDatabase[]): Promise<void> {
  await withClient(admin, undefined, async (client) => {
    // Two at the same time would both find a role missing.
    await client.query('select pg_advisory_lock(hashtext($1))', ['sagaworks provision']);
    for (const { sql, unless, inside } of wanted.flatMap(databaseStatements)) {
      if (unless !== undefined && (await client.query(unless)).rows.length > 0) continue;
      if (inside === undefined) await client.query(sql);
      else await withClient(admin, inside, (there) => there.query(sql).then(() => undefined));
    }
  });
}

/** @param database another one than that of the address */
async function withClient(
  address: DatabaseAddress,
  database: string | undefined,
  run: (client: Client) => Promise<void>,
): Promise<void> {
  const url = new URL(address.url);
  if (database !== undefined) url.pathname = `/${encodeURIComponent(database)}`;
  const at = { ...address, url: url.href };
  const client = new Client(connectionTo(at));
  try {
    await client.connect();
    await run(client);
  } catch (error) {
    explainRefusal(error, at);
    throw error;
  } finally {
    await client.end();
  }
}
