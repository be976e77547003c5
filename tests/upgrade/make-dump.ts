import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createApi } from '../../infra/local/api';
import { anyPorts } from '../../infra/local/ports';
import { startStack, type Stack } from '../../infra/local/stack';
import { describeError } from '../../infra/local/steps';
import { operatorToken } from '../../infra/local/tokens';
import { tokenIssuerOf } from '../../workers/config/token-issuer';
import { sagaworks } from '../support/command';
import { databaseNames } from '../../workers/modules/roles';
import { startTestPlatform } from '../support/platform';
import { dumpBroker } from './broker';
import { writeDump, type Facts } from './dump';
import { dumpDatabase, newestTransaction } from './dump-store';
import { liveThrough, leaveWaiting, type Lived } from './past';

const log = (line: string): void => void process.stderr.write(`${line}\n`);

/**
 * `node infra/bootstrap.js tests/upgrade/make-dump.ts <checkout>`: runs the platform of another checkout (an older
 * commit, with its node_modules) on a native stack of its own, and keeps what it has stored as the dump of the tests.
 */
async function main(checkout: string): Promise<void> {
  const here = process.cwd();
  const directory = mkdtempSync(join(tmpdir(), 'sagaworks-dump-'));
  const stack = await startStack({ directory, log, fresh: true, ports: anyPorts, ephemeral: ['postgres'] });
  try {
    if (stack.kind !== 'native') throw new Error('Say SAGAWORKS_STACK=native: the file of Temporal is needed');
    // The helpers of the tests start the platform of the folder that they run in.
    process.chdir(checkout);
    const lived = await runOld(stack);
    process.chdir(here);
    const databases: Record<string, string> = {};
    for (const [name, url] of Object.entries(ownerUrls(stack))) databases[name] = await dumpDatabase(url);
    const { rabbitmqUrl: amqpUrl, rabbitmqManagementUrl: managementUrl, databaseUrl } = stack.addresses;
    const commit = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: checkout, encoding: 'utf8' }).trim();
    const facts: Facts = { commit, transaction: await newestTransaction(databaseUrl), ...lived };
    const broker = await dumpBroker({ amqpUrl, managementUrl });
    writeDump({ databases, broker, temporal: copyTemporal(directory), facts });
  } finally {
    process.chdir(here);
    await stack.stop('delete');
    rmSync(directory, { recursive: true, force: true });
  }
}

/** As it is for `npm start`, but with time-outs that do not end before the dump is restored. */
async function runOld({ env }: Stack): Promise<Lived> {
  const patient = {
    ...env,
    ...asOwners({ env }),
    LOG_LEVEL: 'warn',
    REVIEW_TIMEOUT_MS: decades,
    DELIVERY_TIMEOUT_MS: decades,
  };
  const token = await operatorToken(tokenIssuerOf(env));
  const whole = await startTestPlatform({ env: patient });
  await sagaworks(whole, ['topology', 'apply'], patient);
  const before = await liveThrough(createApi(whole.url, token), ownerUrls({ env })).finally(() => whole.stop());
  const deaf = await startTestPlatform({ env: patient }, ['api', 'relay', 'activities', 'bridge', 'saga']);
  return leaveWaiting(createApi(deaf.url, token), (...args) => deaf.call(...args), before).finally(() => deaf.stop());
}
/** Platforms of before migrate their databases as the role that they work as. */
const asOwners = (stack: Pick<Stack, 'env'>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(ownerUrls(stack)).map(([name, url]) => [`${name.toUpperCase()}_DATABASE_URL`, url]),
  );

const ownerUrls = ({ env }: Pick<Stack, 'env'>): Record<string, string> =>
  Object.fromEntries(databaseNames.map((name) => [name, env[`${name.toUpperCase()}_DATABASE_OWNER_URL`] ?? '']));

const decades = String(20 * 365 * 86_400_000);

/** A whole copy in one file, without the log beside it. */
function copyTemporal(directory: string): Buffer {
  const copy = join(directory, 'copy.db');
  execFileSync('sqlite3', [join(directory, 'temporal/temporal.db'), `vacuum into '${copy}'`]);
  return readFileSync(copy);
}

main(resolve(process.argv[2] ?? '.')).catch((error: unknown) => {
  log(describeError(error));
  process.exitCode = 1;
});
