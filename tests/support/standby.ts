import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { freePort } from '../../infra/local/ports';
import { initialisePostgres } from '../../infra/local/native/postgres';
import { postgresHome, removePostgresHome, type PostgresHome } from '../../infra/local/native/postgres-home';
import { eventually } from '../lib-support/eventually';

/** A second PostgreSQL server: a hot standby, which answers reads and refuses writes until it is promoted. */
export interface Standby {
  host: string;
  port: number;
  /** Runs a statement as its administrator: `select pg_promote()` has it take writes, for instance. */
  execute(statement: string): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts a standby that holds what `prepare` writes.
 * @param url of a database on the first server: the standby has one of the same name, and the same user and password.
 */
export async function startStandby(url: string, prepare: (url: string) => Promise<void>): Promise<Standby> {
  const { username, password, pathname } = new URL(url);
  const directory = mkdtempSync(join(tmpdir(), 'sagaworks-standby-'));
  chmodSync(directory, 0o755); // PostgreSQL may have to run as another user.
  const home = postgresHome(directory);
  await initialisePostgres(home, decodeURIComponent(password));
  const port = await freePort();
  const at = (database: string): string => {
    const there = new URL(url);
    there.host = `127.0.0.1:${port}`;
    there.username = 'postgres';
    there.pathname = `/${database}`;
    return there.href;
  };

  const primary = await run(home, port, at('postgres'));
  const user = decodeURIComponent(username);
  if (user !== 'postgres')
    await execute(at('postgres'), `create role "${user}" superuser login password '${password}'`);
  await execute(at('postgres'), `create database "${pathname.slice(1)}"`);
  await prepare(at(pathname.slice(1)));
  await primary.stop();
  writeFileSync(join(home.data, 'standby.signal'), '');
  const standby = await run(home, port, at('postgres'));
  return {
    host: '127.0.0.1',
    port,
    execute: (statement) => execute(at('postgres'), statement),
    stop: async () => {
      await standby.stop();
      removePostgresHome(directory);
      rmSync(directory, { recursive: true });
    },
  };
}

async function run({ bin, data, as }: PostgresHome, port: number, url: string): Promise<{ stop(): Promise<void> }> {
  const settings = ['listen_addresses=127.0.0.1', `port=${port}`, 'unix_socket_directories=', 'fsync=off'];
  const args = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])];
  const server = spawn(join(bin, 'postgres'), args, { ...as, stdio: 'ignore' });
  const ended = once(server, 'exit');
  await eventually(() => execute(url, 'select'));
  return {
    async stop() {
      server.kill('SIGINT'); // A fast shutdown: sessions are ended, a checkpoint is written.
      await ended;
    },
  };
}

async function execute(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
