import { databaseVariables } from '../../infra/local/environment';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pino from 'pino';
import { Client } from 'pg';
import { ownerOf } from '../../infra/local/databases';
import { openDatabase } from '../../lib/db/database';
import { declaredDatabases } from '../../workers/modules/databases';
import { databaseNames } from '../../workers/modules/roles';
import { migrateDatabase } from '../../workers/platform/migrate-database';
import { protectedTables } from '../../workers/platform/protected-tables';
import { sagaworks } from '../support/command';
import { createOwnedDatabase, type OwnedDatabase } from '../support/owned-database';
import { anywhere, isAllowed, onColumn, onTable, tablesOf, type Table } from '../support/role-attempts';

const made = new Map<string, OwnedDatabase>();
const logger = pino({ level: 'silent' });
const unprotected = new Set<string>();
const names = declaredDatabases.map(({ name }) => name);

beforeAll(async () => {
  await Promise.all(
    declaredDatabases.map(async ({ name, migrations }) => {
      const owned = await createOwnedDatabase();
      made.set(name, owned);
      const database = openDatabase<unknown>({ url: owned.url, name: 'test', poolSize: 1 });
      await migrateDatabase({ logger, unprotected }, { name, database, owner: owned.ownerUrl }, migrations).finally(
        () => database.close(),
      );
    }),
  );
}, 120_000);
afterAll(() => Promise.all(Array.from(made.values(), (one) => one.drop())));

const owned = (name: string): OwnedDatabase => {
  const one = made.get(name);
  if (!one) throw new Error(`${name} was not made`);
  return one;
};

async function as<T>(url: string, run: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return run(client).finally(() => client.end());
}

/** All that a role may do in its database, one thing a line. */
async function allowedIn(url: string): Promise<{ tables: Table[]; allowed: string[] }> {
  return as(url, async (client) => {
    const tables = await tablesOf(client);
    const attempts = [
      ...Object.entries(anywhere),
      ...tables.flatMap(({ name, columns }) => [
        ...Object.entries(onTable).map(([verb, statement]) => [`${verb} ${name}`, statement(name)] as const),
        ...columns.flatMap((column) =>
          Object.entries(onColumn).map(
            ([verb, statement]) => [`${verb} ${name}.${column}`, statement(name, column)] as const,
          ),
        ),
      ]),
    ];
    const allowed: string[] = [];
    for (const [what, statement] of attempts) if (await isAllowed(client, statement)) allowed.push(what);
    return { tables, allowed: allowed.sort() };
  });
}

const readOnly = ['kysely_migration', 'kysely_migration_lock'];

/** What the running role may do with a table: everything with its rows, but with a log only add and read. */
function allowedOn({ name, columns }: Table): string[] {
  const insertable = readOnly.includes(name) ? [] : protectedTables[name];
  if (insertable) return [`select ${name}`, ...insertable.map((column) => `insert ${name}.${column}`)];
  const verbs = Object.keys(onColumn);
  return [
    `select ${name}`,
    `delete ${name}`,
    ...columns.flatMap((column) => verbs.map((v) => `${v} ${name}.${column}`)),
  ];
}

test('every database of the platform is there, and none is without protection', () => {
  expect([...names].sort()).toEqual([...databaseNames].sort());
  expect([...unprotected]).toEqual([]);
});

test.each(names)(
  'the running role of %s adds to the log and the audit, works with the other rows, and no more',
  async (name) => {
    const { tables, allowed } = await allowedIn(owned(name).url);
    expect(tables.length).toBeGreaterThan(2);
    expect(allowed).toEqual(['create a temporary table', ...tables.flatMap(allowedOn)].sort());
  },
);

test.each(names)('the owner of %s changes its tables, and nothing of the server', async (name) => {
  const { tables, allowed } = await allowedIn(owned(name).ownerUrl);
  const theServers = [
    'create an event trigger',
    'create a role',
    'become a superuser',
    'switch off triggers',
    'read files of the server',
    'run programs on the server',
    'become the administrator',
  ];
  expect(allowed).toEqual(
    [
      ...Object.keys(anywhere).filter((what) => !theServers.includes(what)),
      ...tables.flatMap(({ name: table, columns }) => [
        ...Object.keys(onTable).map((verb) => `${verb} ${table}`),
        ...columns.flatMap((column) => Object.keys(onColumn).map((verb) => `${verb} ${table}.${column}`)),
      ]),
    ].sort(),
  );
});

test('no role enters the database of another service, and none becomes its owner', async () => {
  const entered: string[] = [];
  for (const [name, { url, ownerUrl }] of made)
    for (const [role, from] of [
      [name, url],
      [`owner of ${name}`, ownerUrl],
    ] as const) {
      for (const [other, { name: database }] of made) {
        const there = new URL(from);
        there.pathname = `/${database}`;
        const isIn = await as(there.href, () => Promise.resolve(true)).catch(() => false);
        if (isIn) entered.push(`${role} enters ${other}`);
      }
      await as(from, async (client) => {
        for (const [other, { name: database }] of made)
          for (const target of [database, ownerOf(database)])
            if (await isAllowed(client, `set role ${target}`))
              entered.push(`${role} becomes ${target === database ? '' : 'the owner of '}${other}`);
      });
    }
  const own = [...made.keys()].flatMap((name) => [
    `${name} enters ${name}`,
    `${name} becomes ${name}`,
    `owner of ${name} enters ${name}`,
    `owner of ${name} becomes the owner of ${name}`,
  ]);
  expect(entered.sort()).toEqual(own.sort());
});

test.each(names)(
  'the functions that run as the owner of %s touch no log, and redact nothing that is not erased',
  async (name) => {
    await as(owned(name).url, async (client) => {
      const { rows } = await client.query<{ name: string; returns: string }>(`
      select p.oid::regprocedure::text as name from pg_proc p
      where pronamespace = 'public'::regnamespace and has_function_privilege(p.oid, 'execute') order by 1`);
      const shadow = [
        'analyze_shadow(text,text)',
        'create_shadow(text,text,text[])',
        'index_shadow(text,text,boolean)',
        'mirror_deletes(text,text)',
        'swap_shadow(text,text)',
      ];
      const offered = rows.map((row) => row.name);
      const known = [...shadow, 'redact_stream(text,text)'];
      expect(offered.filter((one) => !known.includes(one))).toEqual([]);
      const calls = offered.flatMap((one) => {
        const [called = ''] = one.split('(');
        if (called === 'redact_stream')
          return [`select redact_stream('order-1', 'me')`, `select redact_stream('user-1', 'me')`];
        const more = one.includes('text[]') ? ', array[]::text[]' : one.includes('boolean') ? ', true' : '';
        return [...Object.keys(protectedTables), ...readOnly, 'pg_class'].map(
          (table) => `select ${called}('aside_x', '${table}'${more})`,
        );
      });
      for (const call of calls)
        expect({ call, allowed: await isAllowed(client, call) }).toEqual({ call, allowed: false });
      for (const schema of ['public', 'pg_catalog', 'asidex'])
        if (offered.includes('create_shadow(text,text,text[])'))
          expect(await isAllowed(client, `select create_shadow('${schema}', 'inbox_streams', '{stream}')`)).toBe(false);
    });
  },
);

test('sagaworks migrate does it for the databases whose owner is named', async () => {
  const fresh = await createOwnedDatabase();
  try {
    const nobody = { url: '', token: () => Promise.resolve('') };
    const env = Object.fromEntries(databaseVariables('users', fresh)) as Record<string, string>;
    expect(await sagaworks(nobody, ['migrate', '--json'], env)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/"migrated":\s*\[\s*"users"\s*\]/),
    });
    const { tables, allowed } = await allowedIn(fresh.url);
    expect(allowed).toEqual(['create a temporary table', ...tables.flatMap(allowedOn)].sort());
  } finally {
    await fresh.drop();
  }
}, 60_000);
