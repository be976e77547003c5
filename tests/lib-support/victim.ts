import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { required } from './required';

/** Ends a fault. */
export type Restore = () => Promise<void>;

/** A database with a role that is no superuser, on which a test can simulate faults of administration or hardware. */
export interface Victim {
  /** Connects as the role. */
  url: string;
  /** Causes a fault, and ends sessions where it would otherwise not show. Returns how to end the fault. */
  strike(cause: Cause): Promise<Restore>;
  drop(): Promise<void>;
}

interface Access {
  role: string;
  database: string;
  password: string;
  /** Runs a statement on the server's default database, which stays available. */
  onServer(statement: string): Promise<void>;
  /** Opens a superuser session on the victim, which stays open until the fault ends. */
  inside: () => Promise<Client>;
  endSessions(): Promise<void>;
}

/** A fault caused by one statement, which ends all sessions, and ended by another. */
const altered =
  (before: (access: Access) => string, after: (access: Access) => string) =>
  async (access: Access): Promise<Restore> => {
    await access.onServer(before(access));
    await access.endSessions();
    return () => access.onServer(after(access));
  };

/**
 * Every insert and update fails with the SQLSTATE, as if the server had raised it. The triggers are created once, one
 * by one, and stay: creating or dropping them needs locks, which could deadlock with those of other sessions.
 */
const raising =
  (sqlstate: string) =>
  async ({ inside }: Access): Promise<Restore> => {
    const client = await inside();
    await client.query(`
      create schema if not exists fault;
      create table if not exists fault.now (sqlstate text);
      create or replace function fault.strike() returns trigger language plpgsql security definer as $$
        declare raised text;
        begin
          select sqlstate into raised from fault.now;
          if found then raise exception 'a simulated fault' using errcode = raised; end if;
          return new;
        end $$`);
    for (const one of await tablesOf(client))
      await client.query(
        `create or replace trigger fault before insert or update on ${one} for each row execute function fault.strike()`,
      );
    await client.query('insert into fault.now values ($1)', [sqlstate]);
    return async () => {
      await client.query('delete from fault.now');
      await client.end();
    };
  };

async function lockTables({ inside }: Access): Promise<Restore> {
  const client = await inside();
  const tables = await tablesOf(client);
  const lock = async (attempts = 20): Promise<void> => {
    try {
      await client.query(`begin; lock table ${tables.join(', ')} in access exclusive mode`);
    } catch (error) {
      // A deadlock with a session that uses the tables.
      if (attempts === 1) throw error;
      await client.query('rollback');
      await lock(attempts - 1);
    }
  };
  await lock();
  return () => client.end();
}

async function tablesOf(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(`
    select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'public' order by 1`);
  return rows.map(({ name }) => name);
}

const causes = {
  'role may not log in': altered(
    ({ role }) => `alter role ${role} nologin`,
    ({ role }) => `alter role ${role} login`,
  ),
  'password rotated': altered(
    ({ role }) => `alter role ${role} password 'another'`,
    ({ role, password }) => `alter role ${role} password '${password}'`,
  ),
  'database allows no connections': altered(
    ({ database }) => `alter database ${database} allow_connections false`,
    ({ database }) => `alter database ${database} allow_connections true`,
  ),
  'no connections left (53300)': altered(
    ({ role }) => `alter role ${role} connection limit 0`,
    ({ role }) => `alter role ${role} connection limit -1`,
  ),
  'read-only': altered(
    ({ database }) => `alter database ${database} set default_transaction_read_only = on`,
    ({ database }) => `alter database ${database} reset default_transaction_read_only`,
  ),
  'tables locked': lockTables,
  'disk full (53100)': raising('53100'),
  'out of memory (53200)': raising('53200'),
} as const;

export type Cause = keyof typeof causes;
export const allCauses = Object.keys(causes) as Cause[];

/** Makes a new role the owner of a database. */
export async function createVictim(databaseUrl: string): Promise<Victim> {
  const url = new URL(databaseUrl);
  const database = url.pathname.slice(1);
  const role = `owner_${database}`;
  const password = randomUUID();
  const onServer = async (statement: string): Promise<void> => {
    const client = await connect(required('DATABASE_URL'));
    await client.query(statement).finally(() => client.end());
  };
  const inside = (): Promise<Client> => connect(databaseUrl);
  await onServer(`create role ${role} login password '${password}'`);
  await onServer(`alter database ${database} owner to ${role}`);
  const client = await inside();
  await client.query(`
    grant all on schema public to ${role};
    grant all on all tables in schema public to ${role};
    grant all on all sequences in schema public to ${role}`);
  await client.end();
  url.username = role;
  url.password = password;
  const endSessions = (): Promise<void> =>
    onServer(`select pg_terminate_backend(pid) from pg_stat_activity where usename = '${role}'`);
  return {
    url: url.href,
    strike: (cause) => causes[cause]({ role, database, password, onServer, inside, endSessions }),
    drop: () => onServer(`drop role ${role}`),
  };
}

async function connect(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString });
  client.on('error', () => undefined); // The database may be dropped under it.
  await client.connect();
  return client;
}
