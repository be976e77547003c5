import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { databaseNames } from '../../workers/modules/roles';
import { docker, type Project } from './compose';

/** Runs `sagaworks provision` with these arguments where that of the project ran. @returns what it printed */
const provision = ({ compose }: Project, ...args: string[]): Promise<string> =>
  compose('run', '--rm', '--no-deps', '-T', 'provision', 'provision', ...args);

/** Everything is there, so that it changes nothing. */
export async function changesNothingWhenRepeated(project: Project): Promise<void> {
  const { differences } = JSON.parse(await provision(project, '--json')) as { differences: unknown[] };
  assert.deepEqual(differences, []);
}

/** What `--dry-run` prints is run by psql, rabbitmqctl and temporal, on the servers that processes use. */
export async function isWhatAdministratorsRun(project: Project): Promise<void> {
  const scripts = JSON.parse(await provision(project, '--dry-run', '--json')) as Record<string, string>;
  const folder = mkdtempSync(join(tmpdir(), 'sagaworks-provision-'));
  try {
    const runIn = async (service: string, name: string, ...command: string[]): Promise<string> => {
      writeFileSync(join(folder, name), scripts[service === 'postgres' ? 'databases' : 'broker'] ?? '');
      const container = await project.compose('ps', '--quiet', service);
      await docker('cp', join(folder, name), `${container}:/tmp/${name}`);
      return docker('exec', container, ...command, `/tmp/${name}`);
    };
    await runIn('postgres', 'databases.sql', 'psql', '--username', 'postgres', '--quiet', '--file');
    await runIn('rabbitmq', 'definitions.json', 'rabbitmqctl', 'import_definitions');
    await project.compose('exec', '-T', 'temporal', 'sh', '-c', scripts['temporal'] ?? '');
    await changesNothingWhenRepeated(project);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The databases that a container makes of itself when it is new, for processes that are started by hand. */
export async function containersMakeDatabases({ compose }: Project): Promise<void> {
  await compose('up', '--detach', '--wait', 'postgres');
  for (const name of databaseNames) {
    const query = async (role: string, sql: string): Promise<string> =>
      compose(
        'exec',
        '-T',
        'postgres',
        'psql',
        `postgres://${role}:${role}@127.0.0.1/${name}`,
        '--tuples-only',
        '--no-align',
        '--command',
        sql,
      );
    assert.equal(
      await query(`${name}_owner`, 'create table leaves (); select current_user'),
      `CREATE TABLE\n${name}_owner`,
    );
    assert.equal(await query(name, 'select current_user'), name);
    await assert.rejects(query(name, 'select from leaves'), /permission denied for table leaves/);
    const others = databaseNames.find((one) => one !== name) ?? '';
    const entering = compose(
      'exec',
      '-T',
      'postgres',
      'psql',
      `postgres://${name}:${name}@127.0.0.1/${others}`,
      '--command',
      '',
    );
    await assert.rejects(entering, /permission denied for database/);
  }
}
