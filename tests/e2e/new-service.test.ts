import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { copyCheckout, type Checkout } from '../support/checkout';

let copy: Checkout;
beforeAll(async () => {
  copy = await copyCheckout();
}, 60_000);
afterAll(() => copy.drop());

const generate = (...args: string[]) => copy.run('tsx', 'infra/new-service/main.ts', ...args);

/** The copy's own checks, and its tests under some paths, with the systems that this test run has. */
async function expectToHold(...paths: string[]): Promise<void> {
  await expectToPass('node', 'infra/bootstrap.js', 'infra/check.ts');
  await expectToPass(...testRun, ...paths);
}

/** One file after the other: the run that this test belongs to has the other processor. */
const testRun = ['jest', '--ci', '--runInBand'] as const;

/** A failure shows the end of what the program printed. */
async function expectToPass(program: string, ...args: string[]): Promise<void> {
  const { code, out } = await copy.run(program, ...args);
  expect({ code, out: code === 0 ? '' : out.slice(-20_000) }).toEqual({ code: 0, out: '' });
}

test.each([
  [['Loyalty', '--on', 'order.confirmed'], 'is no name'],
  [['gift-cards', '--on', 'order.confirmed'], 'is no name'],
  [['../x', '--on', 'order.confirmed'], 'is no name'],
  [['orders', '--on', 'order.confirmed'], 'is taken'],
  [['relay', '--on', 'order.confirmed'], 'is taken'],
  [['order', '--on', 'order.confirmed'], 'would take the messages of orders'],
  [['loyalty', '--on', 'order.exploded'], 'There is no event "order.exploded"'],
  [['loyalty', '--on', 'order.confirmed', '--on', 'user.created'], 'are of different services'],
  [['loyalty'], 'Say what it listens to'],
  [['loyalty', 'points', '--on', 'order.confirmed'], 'Give one name'],
  [['loyalty', '--off', 'order.confirmed'], "Unknown option '--off'"],
])('%j is refused, and nothing is written', async (args, why) => {
  const { code, out } = await generate(...args);
  expect({ code, out }).toMatchObject({ code: 64, out: expect.stringContaining(why) as unknown });
  expect(existsSync(join(copy.directory, 'services/loyalty'))).toBe(false);
});

test('a service that was just generated passes its tests and all checks, and runs in the platform', async () => {
  const { code, out } = await generate('loyalty', '--on', 'order.confirmed');
  expect({ code, out }).toMatchObject({
    code: 0,
    out: expect.stringContaining('npm test -- services/loyalty') as unknown,
  });
  await expectToHold('services/loyalty', 'infra/local/compose', 'workers/roles');
  expect(await generate('loyalty', '--on', 'order.confirmed')).toMatchObject({ code: 64 });
}, 900_000);

test('so does one that hears of products, whose key is no id', async () => {
  expect(await generate('shelf', '--on', 'stock.reserved,stock.shipped')).toMatchObject({ code: 0 });
  await expectToPass('tsc', '--noEmit', '-p', '.');
  await expectToPass(...testRun, 'services/shelf', 'workers/topology');
}, 300_000);

test('those that hear of users, payments and shipments fit the platform too', async () => {
  for (const [name, type] of [
    ['fans', 'user.created'],
    ['fees', 'payment.captured'],
    ['parcels', 'shipment.dispatched'],
  ] as const) {
    expect(await generate(name, '--on', type)).toMatchObject({ code: 0 });
  }
  await expectToPass('tsc', '--noEmit', '-p', '.');
  await expectToPass('eslint', ...['fans', 'fees', 'parcels'].map((name) => `services/${name}`));
}, 300_000);

test('recommendations can be taken out with their folder and the lines that register them', async () => {
  for (const path of ['services/recommendations', 'workers/services/recommendations.ts'])
    rmSync(join(copy.directory, path), { recursive: true });
  for (const path of ['workers/roles.ts', 'workers/services/index.ts']) {
    const file = join(copy.directory, path);
    const lines = readFileSync(file, 'utf8').split('\n');
    writeFileSync(file, lines.filter((line) => !line.includes('recommendations')).join('\n'));
  }
  const script = join(copy.directory, 'infra/postgres/databases.sh');
  writeFileSync(script, readFileSync(script, 'utf8').replace(' recommendations', ''));
  await expectToHold('infra/local', 'workers', 'services/analytics/routes', 'tests/e2e/orders');
}, 900_000);
