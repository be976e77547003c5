import { join, relative, resolve } from 'node:path';
import { orderWorkflowId } from '../../contracts/saga/order';
import { classify } from '../../lib/errors/classify';
import { createLogger } from '../../lib/telemetry/logger';
import { connectTemporal } from '../../lib/temporal/client';
import { runPlatform, type RunningPlatform } from '../../workers/main';
import { tokenIssuerOf } from '../../workers/config/token-issuer';
import { applyTopology } from '../../workers/topology/changes';
import { createApi, type Api } from './api';
import { startBackground, type Background } from './background';
import { bundleWorkflows } from './bundle';
import { DirectoryLocked, NotWritable } from './directory-lock';
import { consoleLink } from './console-link';
import { placeSampleOrders } from './sample-orders';
import { createShutdown, type Shutdown } from './shutdown';
import { stopStack } from './previous-run';
import { poll } from './poll';
import { portVariables } from './environment';
import { keepEnvironment } from './environment-file';
import { readStartOptions, startUsage, type StartOptions } from './options';
import { freePort } from './ports';
import { askListeners } from './listeners';
import { readSagaSteps } from './saga-steps';
import { ensureUser } from './samples';
import { showAddresses, showEarlierOrders, showOrder } from './summary';
import { startStack, type Stack } from './stack';
import { keepAddresses } from './stack-file';
import { createSteps, describeError } from './steps';
import { keepTokens, knownUserId, operatorToken } from './tokens';
import { showWarnings } from './warnings';

/** EX_USAGE of sysexits. */
const wrongUsage = 64;
const directory = resolve('.sagaworks');
const print = (line: string): void => void process.stdout.write(`${line}\n`);

function optionsOf(args: readonly string[]): StartOptions {
  try {
    const options = readStartOptions(args);
    if (options !== 'help') return options;
    process.stdout.write(startUsage);
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${startUsage}`);
    process.exit(wrongUsage);
  }
}

/**
 * `npm start`: the infrastructure, the API in this process, the background work in another one, and three sample orders to
 * look at.
 */
async function main({ fresh, withSamples }: StartOptions, shutdown: Shutdown): Promise<void> {
  const port = Number(process.env['PORT']);
  const ports = port > 0 ? { api: port } : {};
  const starting = startStack({ directory, log: print, fresh, ports });
  shutdown.before('the infrastructure', () => stopStack(directory));
  // Takes seconds, and RabbitMQ takes longer.
  const bundling = bundleWorkflows(join(directory, 'workflows.bundle.js'));
  const stack = await starting;

  await prepareBroker(stack);
  const logFile = join(directory, 'logs/app.log');
  const env = { RATE_LIMITS: localRates, ...(await bundling), ...process.env, ...stack.env, LOG_FILE: logFile };
  const { api: served, background } = await startPlatform(env);
  shutdown.before('Sagaworks', async () => {
    await Promise.all([served.stop(), background.stop()]);
  });

  const apiUrl = `http://127.0.0.1:${served.port}`;
  writeAddresses(stack, apiUrl, background.url);
  keepEnvironment(directory, stack.env);
  const issuer = tokenIssuerOf(stack.env);
  const operator = await operatorToken(issuer);
  const api = createApi(apiUrl, operator);
  const userId = await ensureUser(api, knownUserId(directory));
  const tokens = await keepTokens(directory, { issuer, operator, userId });
  print(`\n  Ready after ${process.uptime().toFixed(1)} s`);
  if (withSamples) await showSamples(stack, api, userId);
  const { temporalUiUrl, rabbitmqManagementUrl, mailUrl } = stack.addresses;
  const places = { directory: relative('.', directory), logFile: relative('.', logFile) };
  showAddresses(
    {
      apiUrl,
      consoleUrl: await consoleLink(apiUrl, api),
      temporalUiUrl,
      rabbitmqManagementUrl,
      mailUrl,
      ...places,
      tokens,
      userId,
      hasProducts: withSamples,
    },
    print,
  );
  showWarnings(logFile, print);
}

/** Data of an earlier start may hold queues that are declared differently now; they have no consumer yet. */
async function prepareBroker({ addresses }: Stack): Promise<void> {
  const { step, note } = createSteps(print);
  const { rabbitmqUrl: amqpUrl, rabbitmqManagementUrl: managementUrl } = addresses;
  const changes: string[] = [];
  const apply = (): Promise<unknown> =>
    applyTopology({ amqpUrl, managementUrl }, (line) => changes.push(line)).then(
      () => undefined,
      (error: unknown) => error,
    );
  await step('RabbitMQ: exchanges, queues, limits', async () => {
    const failure = await poll(apply, (error) => !isRecovering(error), 20_000);
    if (failure instanceof Error) throw failure;
  }).catch((error: unknown) => {
    if (classify(error).code !== 'forbidden') throw error;
    note(`RabbitMQ stays as it is: ${(error as Error).message}`);
  });
  changes.filter((line) => !line.startsWith('policy ')).forEach(note);
}

/** RabbitMQ answers before the queues of an earlier start have recovered, above all the stream of revocations. */
const isRecovering = (error: unknown): boolean =>
  error instanceof Error && error.message.includes('is down or inaccessible');

/** High enough to measure the platform's capacity with one caller. */
const localRates = 'read=200000/10,write=100000/10,ops=100000/10';

interface Running {
  api: RunningPlatform;
  background: Background;
}

/**
 * The API in this process, so that requests do not wait behind sagas, and the rest in another one. The API gets another
 * port when PORT was taken after it was found free.
 */
async function startPlatform(env: NodeJS.ProcessEnv): Promise<Running> {
  const { step, note } = createSteps(print);
  const onEnd = (how: string): void => note(`The background work ${how}; it is started again`);
  try {
    return await step(`Sagaworks, its API on port ${env['PORT']}`, async () => {
      const background = startBackground({ ...env, PORT: String(await freePort()) }, onEnd);
      try {
        // The owners of steps share the other process: a saga that an operator restarts calls them directly, as any other.
        const api = runPlatform({ DIRECT_STEPS: 'true', ...env, PEER_URLS: background.url }, ['api']);
        await Promise.all([api, background.ready]);
        return { api: await api, background };
      } catch (error) {
        await background.stop();
        throw error;
      }
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    const port = await freePort();
    note(`Port ${env['PORT']} is taken: the API gets ${port}`);
    return startPlatform({ ...env, ...portVariables(port) });
  }
}

/** For programs that want to know where everything is. */
function writeAddresses({ addresses }: Stack, apiUrl: string, backgroundUrl: string): void {
  const { rabbitmqUrl, rabbitmqManagementUrl, temporalAddress, temporalNamespace, temporalUiUrl } = addresses;
  const { mailUrl, databases } = addresses;
  const temporal = { temporalAddress, temporalNamespace, temporalUiUrl };
  keepAddresses(directory, {
    apiUrl,
    backgroundUrl,
    rabbitmqUrl,
    rabbitmqManagementUrl,
    ...temporal,
    mailUrl,
    databases,
  });
}

async function showSamples({ addresses }: Stack, api: Api, userId: string): Promise<void> {
  const orders = await placeSampleOrders(api, userId);
  if (orders.every(({ isNew }) => !isNew)) {
    showEarlierOrders(orders, print);
    return;
  }
  const temporal = await connectTemporal({
    address: addresses.temporalAddress,
    namespace: addresses.temporalNamespace,
    logger: createLogger({ name: 'samples', level: 'silent' }),
  });
  try {
    for (const sample of orders) {
      const saga = temporal.client.workflow.getHandle(orderWorkflowId(sample.order.orderId));
      showOrder(sample, await readSagaSteps(saga), print);
    }
  } finally {
    await temporal.close();
  }
  const [first] = orders[0]?.order.items ?? [];
  const heard = await askListeners(
    api,
    orders.map(({ order }) => order.orderId),
    first?.sku ?? '',
  );
  if (heard.length > 0) print('\n  What the downstream services did');
  for (const line of heard) print(`    ${line}`);
}

const shutdown = createShutdown(directory, print);
main(optionsOf(process.argv.slice(2)), shutdown).catch((error: unknown) => {
  // It belongs to another process, or is closed to us: nothing in it is ours to stop.
  if (error instanceof DirectoryLocked || error instanceof NotWritable) {
    process.stderr.write(`\n${describeError(error)}\n`);
    process.exit(1);
  }
  return shutdown.because(error, 1);
});
