import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { prepareDatabases } from '../../infra/local/databases';
import { endpoints } from '../../infra/local/environment';
import { stopNative } from '../../infra/local/native/native';
import { startTemporal } from '../../infra/local/native/temporal';
import { anyPorts, freePorts } from '../../infra/local/ports';
import { loadSecrets } from '../../infra/local/secrets';
import { createSteps } from '../../infra/local/steps';
import { createWorld, type World } from '../support/platform';
import { asAdmin } from '../lib-support/database';
import { required } from '../lib-support/required';
import { restoreBroker } from './broker';
import type { Dump } from './dump';
import { passTransaction, restoreDatabase } from './restore-store';

/** A world in which everything is as it was when the dump was made; nothing runs in it yet. */
export async function restoreWorld(dump: Dump): Promise<World> {
  const server = await startTemporalOn(dump.temporal);
  try {
    const world = await createWorld();
    await fill(world, dump);
    const env = {
      ...world.env,
      TEMPORAL_ADDRESS: server.address,
      TEMPORAL_NAMESPACE: 'default',
      // As `npm start` has it: the schedule that compares the books is in the dump, too.
      RECONCILE_EVERY_MS: '300000',
    };
    return { ...world, env, drop: () => world.drop().finally(() => server.stop()) };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function fill(world: World, { databases, broker, facts }: Dump): Promise<void> {
  await passTransaction(required('DATABASE_URL'), facts.transaction);
  for (const [name, sql] of Object.entries(databases)) {
    const { [`${name.toUpperCase()}_DATABASE_URL`]: url, [`${name.toUpperCase()}_DATABASE_OWNER_URL`]: owner } =
      world.env;
    if (!url || !owner) throw new Error(`Today's platform has no database ${name}: what was in it would be lost`);
    await restoreWithoutOwner(url, owner, sql);
  }
  const managementUrl = required('RABBITMQ_MANAGEMENT_URL');
  await restoreBroker({ amqpUrl: world.env['RABBITMQ_URL'] ?? '', managementUrl }, broker);
}

/** As it was when one role owned a database and worked in it, and then as `npm start` hands it over to the owner. */
async function restoreWithoutOwner(url: string, ownerUrl: string, sql: string): Promise<void> {
  const { pathname, username, password } = new URL(url);
  const database = pathname.slice(1);
  await asAdmin(`alter database ${database} owner to ${username}`);
  await restoreDatabase(url, sql);
  const admin = required('DATABASE_URL');
  await prepareDatabases(admin, { [database]: { running: password, owner: new URL(ownerUrl).password } });
}

/** Temporal's development server as `npm start` has it, on a copy of this file. */
async function startTemporalOn(file: Buffer): Promise<{ address: string; stop(): Promise<void> }> {
  const directory = mkdtempSync(join(tmpdir(), 'sagaworks-upgrade-'));
  mkdirSync(join(directory, 'temporal'));
  writeFileSync(join(directory, 'temporal/temporal.db'), file);
  const [temporal = 0, temporalUi = 0] = await freePorts([0, 0]);
  const ports = { ...anyPorts, temporal, temporalUi };
  const secrets = loadSecrets(directory);
  const found = endpoints({}, ports, secrets);
  const stop = async (): Promise<void> => {
    await stopNative(directory, 'delete');
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await startTemporal({
      directory,
      tools: resolve('.sagaworks/tools'),
      ports,
      secrets,
      endpoints: found,
      ephemeral: [],
      steps: createSteps(() => undefined),
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { address: found.temporalAddress, stop };
}
