import { Client } from 'pg';
import { UserError } from './steps';

/** Stands on every database that is ours; infra/postgres/databases.sh writes the same. */
const mark = 'Sagaworks';

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
  const wanted = Object.entries(passwords) as [Name, RolePasswords][];
  await withClient(adminUrl, async (client) => {
    for (const [name, given] of wanted) await prepare(client, adminUrl, name, given);
  });
  const urls = wanted.map(([name, { running, owner }]) => [
    name,
    { url: urlFor(adminUrl, name, name, running), ownerUrl: urlFor(adminUrl, name, ownerOf(name), owner) },
  ]);
  return Object.fromEntries(urls) as Record<Name, DatabaseUrls>;
}

async function prepare(client: Client, adminUrl: string, name: string, passwords: RolePasswords): Promise<void> {
  const identifier = client.escapeIdentifier(name);
  const owner = client.escapeIdentifier(ownerOf(name));
  const { rows } = await client.query<{ comment: string | null; owner: string }>(
    `select shobj_description(oid, 'pg_database') as comment, pg_get_userbyid(datdba) as owner
     from pg_database where datname = $1`,
    [name],
  );
  const [found] = rows;
  if (found && found.comment !== mark) {
    throw new UserError(
      `The server already has a database "${name}" that Sagaworks did not make`,
      `name another server in DATABASE_URL, or give it over: comment on database ${identifier} is '${mark}'`,
    );
  }
  await ensureRole(client, name, passwords.running);
  await ensureRole(client, ownerOf(name), passwords.owner);
  if (!found) {
    await client.query(`create database ${identifier} owner ${owner} template template0`);
    await client.query(`comment on database ${identifier} is '${mark}'`);
  } else if (found.owner !== ownerOf(name)) {
    await client.query(`alter database ${identifier} owner to ${owner}`);
    await withClient(withPath(adminUrl, name), (inside) => inside.query(`reassign owned by ${identifier} to ${owner}`));
  }
  // By default every role may connect to every database: the databases separate the services.
  await client.query(`revoke all on database ${identifier} from public`);
  await client.query(`grant connect, temporary on database ${identifier} to ${identifier}`);
}

async function ensureRole(client: Client, role: string, password: string): Promise<void> {
  const { rowCount } = await client.query('select from pg_roles where rolname = $1', [role]);
  const identifier = client.escapeIdentifier(role);
  if (!rowCount) await client.query(`create role ${identifier} login`);
  await client.query(`alter role ${identifier} password ${client.escapeLiteral(password)}`);
}

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

function withPath(adminUrl: string, database: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  return url.href;
}

function urlFor(adminUrl: string, database: string, role: string, password: string): string {
  const url = new URL(withPath(adminUrl, database));
  url.username = role;
  url.password = password;
  return url.href;
}
