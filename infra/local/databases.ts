import { Client } from 'pg';
import { UserError } from './steps';

/** Stands on every database that is ours; infra/postgres/databases.sh writes the same. */
const mark = 'Sagaworks';

/**
 * Creates what is missing: for each name a role, and a database that only this role and the administrator can enter.
 * Gives back the URL of each. Can be repeated; passwords are set anew.
 * @throws UserError when a database of that name exists and belongs to another role.
 */
export async function prepareDatabases<Name extends string>(
  adminUrl: string,
  passwords: Record<Name, string>,
): Promise<Record<Name, string>> {
  const wanted = Object.entries(passwords) as [Name, string][];
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    for (const [name, password] of wanted) await prepare(client, name, password);
  } finally {
    await client.end();
  }
  const urls = wanted.map(([name, password]) => [name, urlFor(adminUrl, name, password)]);
  return Object.fromEntries(urls) as Record<Name, string>;
}

async function prepare(client: Client, name: string, password: string): Promise<void> {
  const identifier = client.escapeIdentifier(name);
  const { rows } = await client.query<{ comment: string | null }>(
    `select shobj_description(oid, 'pg_database') as comment from pg_database where datname = $1`,
    [name],
  );
  if (rows[0] && rows[0].comment !== mark) {
    throw new UserError(
      `The server already has a database "${name}" that Sagaworks did not make`,
      `name another server in DATABASE_URL, or give it over: comment on database ${identifier} is '${mark}'`,
    );
  }
  const { rowCount: roles } = await client.query('select from pg_roles where rolname = $1', [name]);
  if (!roles) await client.query(`create role ${identifier} login`);
  await client.query(`alter role ${identifier} password ${client.escapeLiteral(password)}`);
  if (!rows[0]) {
    await client.query(`create database ${identifier} owner ${identifier}`);
    await client.query(`comment on database ${identifier} is '${mark}'`);
  }
  // By default every role may connect to every database: the databases separate the services.
  await client.query(`revoke all on database ${identifier} from public`);
}

function urlFor(adminUrl: string, name: string, password: string): string {
  const url = new URL(adminUrl);
  url.username = name;
  url.password = password;
  url.pathname = `/${name}`;
  return url.href;
}
