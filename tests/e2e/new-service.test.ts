import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { copyCheckout, type Checkout } from '../support/checkout';
import { importsOf } from '../unit/imports';
import { unitTests } from '../unit/unit-tests';

/** On products, whose key is no id; then on one event of each of the other exchanges. */
const generated = {
  loyalty: 'order.confirmed',
  shelf: 'stock.reserved,stock.shipped',
  fans: 'user.created',
  fees: 'payment.captured',
  parcels: 'shipment.dispatched',
};
const folders = Object.keys(generated).map((name) => `services/${name}`);

/** With five services that were just generated, and without one that was deleted. */
let copy: Checkout;
beforeAll(async () => {
  copy = await copyCheckout();
  for (const [name, types] of Object.entries(generated)) {
    expect(await generate(name, '--on', types)).toMatchObject({
      code: 0,
      out: expect.stringContaining(`npm test -- services/${name}`) as unknown,
    });
  }
  rmSync(join(copy.directory, 'services/recommendations'), { recursive: true });
}, 120_000);
afterAll(() => copy.drop());

/** As the scripts of package.json run one. */
const runScript = (...args: string[]) => copy.run('node', 'infra/bootstrap.js', ...args);
const generate = (...args: string[]) => runScript('infra/new-service/main.ts', ...args);

/** A failure shows the end of what the program printed. */
async function expectToPass(program: string, ...args: string[]): Promise<void> {
  const { code, out } = await copy.run(program, ...args);
  expect({ code, out: code === 0 ? '' : out.slice(-20_000) }).toEqual({ code: 0, out: '' });
}

const refusals: readonly (readonly [args: string[], why: string])[] = [
  [['Discounts', '--on', 'order.confirmed'], 'is no name'],
  [['gift-cards', '--on', 'order.confirmed'], 'is no name'],
  [['../x', '--on', 'order.confirmed'], 'is no name'],
  [['orders', '--on', 'order.confirmed'], 'is taken'],
  [['loyalty', '--on', 'order.confirmed'], 'is taken'],
  [['relay', '--on', 'order.confirmed'], 'is taken'],
  [['order', '--on', 'order.confirmed'], 'would take the messages of orders'],
  [['discounts', '--on', 'order.exploded'], 'There is no event "order.exploded"'],
  [['discounts', '--on', 'order.confirmed', '--on', 'user.created'], 'are of different services'],
  [['discounts'], 'Say what it listens to'],
  [['discounts', 'points', '--on', 'order.confirmed'], 'Give one name'],
  [['discounts', '--off', 'order.confirmed'], "Unknown option '--off'"],
];

/** One process tries them all: to load the platform takes it longer than to refuse a service. */
const refuseAll = `
  const { newService } = require('./infra/new-service/main');
  const { argv, stdout } = process;
  (async () => {
    for (const args of JSON.parse(argv[1])) {
      const said = [];
      console.log = console.error = (line) => said.push(line);
      stdout.write(JSON.stringify({ code: await newService(args), out: said.join('\\n') }) + '\\n');
    }
  })();`;
let answers: Promise<{ code: number; out: string }[]> | undefined;
const refused = async () => {
  const { out } = await copy.run(
    'node',
    ...['--require', 'tsx/cjs', '--eval', refuseAll, JSON.stringify(refusals.map(([args]) => args))],
  );
  return out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { code: number; out: string });
};

test.each(refusals.map(([args, why], index) => ({ args, why, index })))(
  '$args is refused, and nothing is written',
  async ({ why, index }) => {
    answers ??= refused();
    expect((await answers)[index]).toMatchObject({ code: 64, out: expect.stringContaining(why) as unknown });
    expect(existsSync(join(copy.directory, 'services/discounts'))).toBe(false);
  },
);

test('what is refused ends the command with 64', async () => {
  expect(await generate('discounts')).toMatchObject({ code: 64, out: expect.stringContaining('Say what') as unknown });
});

test('modules that do not fit together are refused at start with their file', async () => {
  const twin = join(copy.directory, 'services/points');
  cpSync(join(copy.directory, 'services/loyalty'), twin, { recursive: true });
  try {
    expect(await runScript('cli/sagaworks.ts', 'run', 'all')).toMatchObject({
      code: 78,
      out: expect.stringContaining('services/points/module.ts: the service is named "loyalty"') as unknown,
    });
  } finally {
    rmSync(twin, { recursive: true });
  }
}, 60_000);

/** What the check asks for after a service was deleted, once for all tests that need it. */
let lists: Promise<void> | undefined;
const listsAreWritten = (): Promise<void> => (lists ??= writeLists());
async function writeLists(): Promise<void> {
  for (const [list, script] of [
    ['infra/postgres/main.ts', 'databases:generate'],
    ['infra/authorization/main.ts', 'docs:authorization'],
    ['infra/contracts/main.ts', 'contracts:generate'],
    ['infra/chart/main.ts', 'chart:generate'],
  ] as const) {
    expect(await runScript(list, 'check')).toMatchObject({
      code: 1,
      out: expect.stringContaining(`npm run ${script}`) as unknown,
    });
    await expectToPass('node', 'infra/bootstrap.js', list, 'generate');
  }
}

test('after a service was deleted a command each writes the lists of databases and routes and the chart, and the check is green', async () => {
  await listsAreWritten();
  // Files that were neither written nor changed here are formatted as before; the check of the checkout looks at them.
  await expectToPass('node', 'infra/bootstrap.js', 'infra/check.ts', ...folders, 'contracts', 'infra/postgres');
}, 600_000);

/** To the others it makes no difference which services there are. */
const unitTestsOfModules = unitTests().filter((file) => importsOf(file).has('workers/modules/discover.ts'));

test('the unit tests that load the modules pass, among them those of permissions and deployment files', async () => {
  expect(unitTestsOfModules).toEqual(
    expect.arrayContaining(['workers/topology/permissions.test.ts', 'infra/local/compose.test.ts']),
  );
  await listsAreWritten();
  await expectToPass('node', 'infra/bootstrap.js', 'tests/unit/main.ts', '--ci', '--runInBand', ...unitTestsOfModules);
}, 300_000);

/** Whether hundreds at once fit is a question to the platform, which the test of orders asks outside of this copy. */
const notAtOnce = ['--testNamePattern', '^(?!.* at once )'];

/** One file after the other: the run that this test belongs to has the other processor. */
test(
  'generated services pass their tests, and orders are placed on a platform that runs them',
  () =>
    expectToPass('jest', '--ci', '--runInBand', ...notAtOnce, 'services/loyalty', 'services/shelf', 'tests/e2e/orders'),
  600_000,
);
