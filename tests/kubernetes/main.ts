import { parseArgs } from 'node:util';
import { createSteps, describeError } from '../../infra/local/steps';
import { triedConnections, wrongConnections } from './connections';
import { chosenDisturbances, type Disturbance } from './disturbances';
import { install, placeFirstOrder, provideImage, type Installation } from './installation';
import { startLoad, type LoadResult } from './load';
import { requirePrograms } from './programs';
import { tableOf, writeResult, type Phase } from './report';
import { acceptedTypos } from './values';

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const { step, note } = createSteps(print);

/**
 * `npm run test:kubernetes`: installs the chart into the cluster of kubectl's context, with everything in it, and disturbs it
 * while orders are placed. It needs three nodes. `--keep` leaves the namespace; `--no-build` takes the image that is there;
 * `npm run test:kubernetes -- rollout scale` does only these disturbances; `--rate` is the orders a second.
 */
async function main(): Promise<boolean> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      namespace: { type: 'string', default: 'sagaworks-test' },
      rate: { type: 'string', default: '5' },
      keep: { type: 'boolean', default: false },
      'no-build': { type: 'boolean', default: false },
    },
  });
  const chosen = chosenDisturbances(positionals);
  const perSecond = Number(values.rate);
  await step('docker, helm and kubectl answer', requirePrograms);
  await step('Helm refuses every typo', async () => mustBeEmpty(await acceptedTypos()));
  if (!values['no-build']) await step('the image, built and brought to the nodes', provideImage);
  const began = Date.now();
  const installation = await step('the chart, installed, all ready', () => install(values.namespace));
  const log = await step('an order, followed to its e-mail (helm test)', () => placeFirstOrder(installation));
  const firstOrder = `${((Date.now() - began) / 1_000).toFixed(0)} s`;
  note(
    log
      .split('\n')
      .filter((line) => /^(placed|confirmed|e-mailed)/.test(line))
      .join('; '),
  );
  await step('connections that no policy allows are refused', async () =>
    mustBeEmpty(await wrongConnections(installation)),
  );
  const { phases, failures, load } = await disturb(installation, perSecond, chosen);
  await step('audit: the books of the services agree', () => audit(installation)).catch((error: unknown) =>
    failures.push(String(error)),
  );
  const table = tableOf(phases, load.orders);
  print(`\n${table}\n`);
  for (const failure of [...failures, ...load.problems]) print(`  ! ${failure}`);
  const isGood = failures.length === 0 && load.problems.length === 0 && load.lost === 0;
  await writeResult(`${summary(firstOrder, perSecond, load, isGood)}\n\n${table}`);
  if (!values.keep) await installation.kubectl('delete', 'namespace', values.namespace, '--wait=false');
  return isGood;
}

/** Does the disturbances one after the other, while orders are placed; then waits until each order has ended. */
async function disturb(installation: Installation, perSecond: number, chosen: readonly Disturbance[]) {
  const load = await step(`${perSecond} orders a second`, () => startLoad(installation, perSecond));
  const phases: Phase[] = [];
  const failures: string[] = [];
  for (const { name, run } of chosen) {
    const from = Date.now();
    await step(name, () => run(installation)).catch((error: unknown) => failures.push(`${name}: ${String(error)}`));
    phases.push({ name, from, to: Date.now() });
  }
  return { phases, failures, load: await step('every order has ended', () => load.finish()) };
}

/** In the process of the sagas, which reads all databases. */
const audit = ({ kubectl }: Installation): Promise<string> =>
  kubectl('exec', 'deploy/sagaworks-saga', '-c', 'sagaworks', '--', 'sagaworks', 'audit', '--settle', '0');

function mustBeEmpty(wrong: readonly string[]): void {
  if (wrong.length > 0) throw new Error(wrong.join('; '));
}

const summary = (firstOrder: string, perSecond: number, { placed, lost }: LoadResult, isGood: boolean): string =>
  [
    `${new Date().toISOString().slice(0, 10)}, ${isGood ? 'passed' : '**failed**'}:`,
    `from \`helm install\` to the first confirmed order ${firstOrder}; ${placed} orders placed at ${perSecond} a second, ${lost} not ended;`,
    `${triedConnections.all} connections tried, the ${triedConnections.forbidden} forbidden ones refused.`,
  ].join(' ');

main().then(
  (isGood) => process.exit(isGood ? 0 : 1),
  (error: unknown) => {
    process.stderr.write(`${describeError(error)}\n`);
    process.exit(1);
  },
);
