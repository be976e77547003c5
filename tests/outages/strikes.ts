import { databaseNames } from '../../workers/modules/roles';
import { startProxy, type Proxy } from '../lib-support/proxy';
import { required } from '../lib-support/required';
import { createVictim, type Cause, type Restore, type Victim } from '../lib-support/victim';
import type { World } from '../support/platform';

export type Strike = Cause | 'server away';

/** The databases of a world, each with a role of its own and behind a line, so that a test can take them away. */
export interface Databases {
  strike(cause: Strike, names: readonly string[]): Promise<Restore>;
  drop(): Promise<void>;
}

/** The orders' database has a line of its own: without it no order can be placed while the others are away. */
const lineOf = (name: string): 'orders' | 'others' => (name === 'orders' ? 'orders' : 'others');

/** Gives the databases of a world to roles, and points its environment at them. */
export async function takeDatabases({ databases, env }: World): Promise<Databases> {
  const { hostname, port } = new URL(required('DATABASE_URL'));
  const target = { host: hostname, port: Number(port) };
  const lines = { orders: await startProxy(target), others: await startProxy(target) };
  const victims = new Map<string, Victim>();
  for (const name of databaseNames) {
    const victim = await createVictim(databases[name] ?? '');
    victims.set(name, victim);
    const url = new URL(victim.url);
    url.port = String(lines[lineOf(name)].port);
    env[`${name.toUpperCase()}_DATABASE_URL`] = url.href;
    // The role owns its database: here one role does everything, as where no owner is configured.
    env[`${name.toUpperCase()}_DATABASE_OWNER_URL`] = '';
  }
  const all = [...victims.values()];
  return {
    strike: (cause, names) =>
      cause === 'server away'
        ? cut(new Set(names.map((name) => lines[lineOf(name)])))
        : strikeAll(names.map((name) => strikeOne(cause, victims.get(name)))),
    drop: async () => {
      await Promise.all(all.map((victim) => victim.drop()));
      await Promise.all(Object.values(lines).map((line) => line.close()));
    },
  };
}

function cut(lines: ReadonlySet<Proxy>): Promise<Restore> {
  for (const line of lines) line.cut();
  return Promise.resolve(() => {
    for (const line of lines) line.restore();
    return Promise.resolve();
  });
}

async function strikeOne(cause: Cause, victim: Victim | undefined): Promise<Restore> {
  if (!victim) throw new Error('There is no such database');
  return victim.strike(cause);
}

async function strikeAll(strikes: readonly Promise<Restore>[]): Promise<Restore> {
  const restores = await Promise.all(strikes);
  return async () => {
    await Promise.all(restores.map((restore) => restore()));
  };
}
