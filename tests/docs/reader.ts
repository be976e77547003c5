import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createApi } from '../../infra/local/api';
import { placeSampleOrders, type SampleOrder } from '../../infra/local/sample-orders';
import { keepEnvironment } from '../../infra/local/environment-file';
import { ensureUser } from '../../infra/local/samples';
import { loadSecrets } from '../../infra/local/secrets';
import { keepAddresses } from '../../infra/local/stack-file';
import { keepTokens, operatorToken } from '../../infra/local/tokens';
import { copyCheckout } from '../support/checkout';
import { createWorld, startTestPlatform, type TestPlatform, type World } from '../support/platform';
import { required } from '../lib-support/required';
import type { Block } from './pages';

/** A platform that runs, with its sample orders, as `npm start` leaves it to a reader. */
export interface Lecture {
  world: World;
  platform: TestPlatform;
  userId: string;
  /** Places the sample orders, as each start does. */
  start(): Promise<SampleOrder[]>;
  stop(): Promise<void>;
}

export async function openLecture(): Promise<Lecture> {
  const world = await createWorld();
  const platform = await startTestPlatform(world);
  const api = createApi(platform.url, await operatorToken(world.env['JWT_SECRET'] ?? ''));
  const userId = await ensureUser(api, undefined);
  return {
    world,
    platform,
    userId,
    start: () => placeSampleOrders(api, userId),
    stop: async () => {
      await platform.stop();
      await world.drop();
    },
  };
}

/** How the commands of a page ended. */
export interface Reading {
  code: number | null;
  /** What they printed, with the line of each block before its own. */
  out: string;
}

/**
 * Runs blocks of one page in one shell, in a copy of this checkout that finds the platform in `.sagaworks/`. The shell
 * has what a newcomer has: no variable of ours, no `jq`, no `uuidgen`. It ends with the first command that fails; `curl`
 * fails as well when it is answered with an error.
 */
export async function read(blocks: readonly Block[], lecture: Lecture): Promise<Reading> {
  const checkout = await copyCheckout();
  try {
    await leaveFiles(join(checkout.directory, '.sagaworks'), lecture);
    const bin = await programs(join(checkout.directory, '.sagaworks/bin'));
    const script = blocks.map(({ page, line, code }) => `echo '--- ${page}:${line}'\n${code}\n`).join('');
    const child = spawn('sh', ['-eu', '-c', script], {
      cwd: checkout.directory,
      env: { PATH: `${bin}:${process.env['PATH']}`, HOME: process.env['HOME'], npm_config_update_notifier: 'false' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = once(child, 'exit') as Promise<[number | null]>;
    const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    return { code, out: stdout + stderr };
  } finally {
    await checkout.drop();
  }
}

/** What `npm start` writes for its readers. */
async function leaveFiles(directory: string, { world, platform, userId }: Lecture): Promise<void> {
  await mkdir(directory);
  const secret = world.env['JWT_SECRET'] ?? '';
  await keepTokens(directory, { secret, operator: await operatorToken(secret), userId });
  keepAddresses(directory, {
    apiUrl: platform.url,
    rabbitmqUrl: world.env['RABBITMQ_URL'] ?? '',
    rabbitmqManagementUrl: required('RABBITMQ_MANAGEMENT_URL'),
    temporalAddress: world.env['TEMPORAL_ADDRESS'] ?? '',
    temporalNamespace: world.env['TEMPORAL_NAMESPACE'] ?? '',
    temporalUiUrl: 'http://127.0.0.1:8233',
    databases: world.databases,
  });
  keepEnvironment(directory, world.env);
  const secrets = { ...loadSecrets(directory), jwt: secret, carrier: world.env['CARRIER_WEBHOOK_SECRET'] ?? '' };
  await writeFile(join(directory, 'secrets.json'), JSON.stringify(secrets));
}

/** Programs that stand before those of the machine. */
async function programs(directory: string): Promise<string> {
  await mkdir(directory);
  const absent = (name: string) => `echo "${name}: not found; not every machine has it" >&2; exit 127`;
  const bodies: Record<string, string> = {
    curl: `PATH="\${PATH#*:}" exec curl --fail-with-body "$@"`,
    jq: absent('jq'),
    uuidgen: absent('uuidgen'),
  };
  for (const [name, body] of Object.entries(bodies)) {
    await writeFile(join(directory, name), `#!/bin/sh\n${body}\n`);
    await chmod(join(directory, name), 0o755);
  }
  return directory;
}
