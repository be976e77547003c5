import { Client } from 'pg';
import { provisionDatabases, wantedDatabase } from '../../workers/provision/databases';
import { UserError } from './steps';

/** The passwords of the two roles of a database. */
export interface RolePasswords {
  /** Of the role that the process works as; it has the name of the database. */
  running: string;
  /** Of the role that owns everything and runs the migrations. */
  owner: string;
}

/** Where a database is, for each of its roles. */
export interface DatabaseUrls {
  url: string;
  ownerUrl: string;
}

/** The role that owns a database; infra/postgres/databases.sh names it alike. */
export const ownerOf = (name: string): string => `${name}_owner`;

/**
 * Creates what is missing: for each name a database, a role that owns it, and a role to work as; only these and the
 * administrator can enter it. Returns the URLs of each. Can be repeated; passwords are set anew. What the working role
 * owns from an earlier release is handed to the owner.
 * @throws UserError when a database of that name exists and is not ours.
 */
export async function prepareDatabases<Name extends string>(
  adminUrl: string,
  passwords: Record<Name, RolePasswords>,
): Promise<Record<Name, DatabaseUrls>> {
  const urls = Object.entries<RolePasswords>(passwords).map(([name, { running, owner }]) => [
    name,
    { url: urlFor(adminUrl, name, name, running), ownerUrl: urlFor(adminUrl, name, ownerOf(name), owner) },
  ]) as [Name, DatabaseUrls][];
  const wanted = urls.map(([, one]) => wantedDatabase(one));
  await provisionDatabases({ url: adminUrl }, wanted).catch((error: unknown) => {
    const { code, message, hint = '' } = error as { code?: string; message: string; hint?: string };
    throw code === raised ? new UserError(message, `name another server in DATABASE_URL. ${hint}`) : error;
  });
  return Object.fromEntries(urls) as Record<Name, DatabaseUrls>;
}

/** The code of what a statement of ours raises itself. */
const raised = 'P0001';

/** Runs something over a connection of its own. */
export async function withClient<T>(url: string, run: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await run(client);
  } finally {
    await client.end();
  }
}

function urlFor(adminUrl: string, database: string, role: string, password: string): string {
  const url = new URL(adminUrl);
  [url.username, url.password, url.pathname] = [role, password, `/${database}`];
  return url.href;
}
