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
import { tokenIssuerOf } from '../../workers/config/token-issuer';
import { copyCheckout } from '../support/checkout';
import { createWorld, startTestPlatform, type World } from '../support/platform';
import { required } from '../lib-support/required';
import { editsOf } from './edits';
import type { Block } from './pages';

/** A platform as `npm start` leaves it to a reader. */
export interface Lecture {
  world: World;
  /** Where its API is. */
  url: string;
  userId: string;
  /** Places the sample orders, as each start does. */
  start(): Promise<SampleOrder[]>;
  /** Makes place for a platform that a page starts itself. */
  stopPlatform(): Promise<void>;
  stop(): Promise<void>;
}

export async function openLecture(): Promise<Lecture> {
  const world = await createWorld();
  const platform = await startTestPlatform(world);
  const api = createApi(platform.url, await operatorToken(tokenIssuerOf(world.env)));
  const userId = await ensureUser(api, undefined);
  return {
    world,
    url: platform.url,
    userId,
    start: () => placeSampleOrders(api, userId),
    stopPlatform: () => platform.stop(),
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
 * fails as well when it is answered with an error. A block that starts the platform starts that of the copy, with the
 * changes that were made so far, in place of the one that it started before.
 */
export async function read(blocks: readonly Block[], lecture: Lecture): Promise<Reading> {
  const checkout = await copyCheckout();
  try {
    await leaveFiles(join(checkout.directory, '.sagaworks'), lecture);
    const bin = await programs(join(checkout.directory, '.sagaworks/bin'));
    const child = spawn('sh', ['-eu', '-c', scriptOf(blocks, checkout.directory)], {
      cwd: checkout.directory,
      env: {
        PATH: `${bin}:${process.env['PATH']}`,
        HOME: process.env['HOME'],
        npm_config_update_notifier: 'false',
        API_PORT: new URL(lecture.url).port,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = once(child, 'exit') as Promise<[number | null]>;
    const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    return { code, out: stdout + stderr };
  } finally {
    await checkout.drop();
  }
}

/** `npm start` without what it starts below the platform, in the background; its log tells when it is ready. */
const startPlatform = `
platform=
stop_platform() { [ -z "$platform" ] || { kill "$platform"; wait "$platform" || :; }; platform=; }
start_platform() {
  stop_platform
  : > platform.log # The one before was ready, too.
  LOG_LEVEL=info PORT=$API_PORT node infra/bootstrap.js cli/sagaworks.ts run all >> platform.log 2>&1 &
  platform=$!
  until grep -q '"msg":"ready"' platform.log; do
    kill -0 "$platform" || { cat platform.log; exit 1; }
    sleep 0.2
  done
}
trap stop_platform EXIT
`;

function scriptOf(blocks: readonly Block[], directory: string): string {
  const edits = new Map(editsOf(blocks, directory).map((edit) => [edit.block, edit]));
  const commandOf = (block: Block): string => {
    if (block.mark?.is === 'start') return 'start_platform';
    const edit = edits.get(block);
    return edit ? `cat > ${edit.file} <<'END OF EDIT'\n${edit.content}END OF EDIT` : block.code;
  };
  const commands = blocks.map((block) => `echo '--- ${block.page}:${block.line}'\n${commandOf(block)}\n`);
  return [startPlatform, ...commands].join('');
}

/** What `npm start` writes for its readers. */
async function leaveFiles(directory: string, { world, url, userId }: Lecture): Promise<void> {
  await mkdir(directory);
  const issuer = tokenIssuerOf(world.env);
  await keepTokens(directory, { issuer, operator: await operatorToken(issuer), userId });
  keepAddresses(directory, {
    apiUrl: url,
    rabbitmqUrl: world.env['RABBITMQ_URL'] ?? '',
    rabbitmqManagementUrl: required('RABBITMQ_MANAGEMENT_URL'),
    temporalAddress: world.env['TEMPORAL_ADDRESS'] ?? '',
    temporalNamespace: world.env['TEMPORAL_NAMESPACE'] ?? '',
    temporalUiUrl: 'http://127.0.0.1:8233',
    databases: world.databases,
  });
  keepEnvironment(directory, world.env);
  const secrets = {
    ...loadSecrets(directory),
    tokenKeys: [JSON.parse(world.env['TOKEN_SIGNING_KEYS'] ?? '')],
    carrier: world.env['CARRIER_WEBHOOK_SECRET'] ?? '',
  };
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
