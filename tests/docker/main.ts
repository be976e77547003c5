import { parseArgs } from 'node:util';
import { runCommand } from '../../infra/local/commands';
import { createSteps, describeError } from '../../infra/local/steps';
import { createProject, docker } from './compose';
import { drainUnderOrders } from './drain';
import { holdsNoMoreThanItNeeds, refusesToStartWithoutSettings, saysWhatItIs, sizeAboveBase } from './image';
import { changesNothingWhenRepeated, containersMakeDatabases, isWhatAdministratorsRun } from './provision';
import { openShop } from './shop';

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const { step, note } = createSteps(print);

/** Every role of docker-compose.yml that has a process of the platform. */
const roles = ['api', 'relay', 'consumers', 'activities', 'bridge', 'saga'];
const base = 'node:24-slim';

/**
 * `npm run test:docker`: builds the image and tests it, then the whole application of docker-compose.yml; needs a Docker
 * engine. `--keep` leaves the application running; `--file` adds a compose file.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { keep: { type: 'boolean', default: false }, file: { type: 'string', multiple: true, default: [] } },
  });
  const image = process.env['SAGAWORKS_IMAGE'] ?? 'sagaworks';
  const { out: commit } = await runCommand('git', ['rev-parse', 'HEAD']);
  await step('The image is built', () => docker('build', '--build-arg', `COMMIT=${commit}`, '--tag', image, '.'));
  const added = await step('It is small', () => sizeAboveBase(image, base));
  note(`${added.toFixed(1)} MB above ${base}`);
  await step('It says what it is', () => saysWhatItIs(image, commit));
  await step('It holds no more than it needs', () => holdsNoMoreThanItNeeds(image));
  await step('It refuses to start without settings', () => refusesToStartWithoutSettings(image));
  await testDatabases(values.file);
  await testApplication(values);
}

async function testDatabases(files: readonly string[]): Promise<void> {
  const project = await createProject('sagaworks-databases', files);
  try {
    await step('A new container of PostgreSQL makes the databases', () => containersMakeDatabases(project));
  } finally {
    await project.remove();
  }
}

async function testApplication({ file, keep }: { file: readonly string[]; keep: boolean }): Promise<void> {
  const project = await createProject('sagaworks-docker', file);
  try {
    await step('The application starts', () => project.compose('up', '--detach', '--wait'));
    const shop = await step('It has a user and products', () => openShop(project));
    await step('An order is confirmed, and the customer gets an e-mail', async () => {
      const orderId = await shop.place();
      await shop.confirmed(orderId);
      await shop.mailed(orderId);
    });
    await step('Provisioning it again changes nothing', () => changesNothingWhenRepeated(project));
    await step('What --dry-run prints does the same', () => isWhatAdministratorsRun(project));
    const drained = await step('Each role is stopped under orders', () => drainUnderOrders(project, shop, roles));
    note(`${drained.placed} orders, all confirmed`);
    for (const { role, exitCode, tookMs } of drained.stopped)
      note(`${role} ended with ${exitCode} ${tookMs} ms after SIGTERM`);
    if (drained.stopped.some(({ exitCode }) => exitCode !== 0)) throw new Error('A process did not end in good order');
  } finally {
    if (!keep) await project.remove();
    else note(`It keeps running: ${project.apiUrl}`);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${describeError(error)}\n`);
  process.exitCode = 1;
});
