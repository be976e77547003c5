import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { copyCheckout, type Checkout } from '../support/checkout';

let copy: Checkout;
beforeAll(async () => {
  copy = await copyCheckout();
}, 60_000);
afterAll(() => copy.drop());

const generate = (...args: string[]) => copy.run('tsx', 'infra/new-service/main.ts', ...args);

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

test('services that were just generated pass their tests, and run in the platform', async () => {
  const { code, out } = await generate('loyalty', '--on', 'order.confirmed');
  expect({ code, out }).toMatchObject({
    code: 0,
    out: expect.stringContaining('npm test -- services/loyalty') as unknown,
  });
  expect(await generate('loyalty', '--on', 'order.confirmed')).toMatchObject({ code: 64 });
  // Products, whose key is no id; then one for each of the other exchanges.
  for (const [name, types] of [
    ['shelf', 'stock.reserved,stock.shipped'],
    ['fans', 'user.created'],
    ['fees', 'payment.captured'],
    ['parcels', 'shipment.dispatched'],
  ] as const) {
    expect(await generate(name, '--on', types)).toMatchObject({ code: 0 });
  }
  await expectToPass(...testRun, 'services/loyalty', 'services/shelf', 'infra/local/compose', 'workers/modules');
}, 900_000);

test('modules that do not fit together are refused at start with their file', async () => {
  const twin = join(copy.directory, 'services/points');
  cpSync(join(copy.directory, 'services/loyalty'), twin, { recursive: true });
  expect(await copy.run('tsx', 'cli/sagaworks.ts', 'run', 'all')).toMatchObject({
    code: 78,
    out: expect.stringContaining('services/points/module.ts: the service is named "loyalty"') as unknown,
  });
  rmSync(twin, { recursive: true });
}, 60_000);

test('a service is taken out by deleting its folder, after which one command writes the list of databases', async () => {
  rmSync(join(copy.directory, 'services/recommendations'), { recursive: true });
  expect(await copy.run('tsx', 'infra/postgres/main.ts', 'check')).toMatchObject({
    code: 1,
    out: expect.stringContaining('npm run databases:generate') as unknown,
  });
  await expectToPass('tsx', 'infra/postgres/main.ts', 'generate');
  // The whole check, once: of what was generated too.
  await expectToPass('node', 'infra/bootstrap.js', 'infra/check.ts');
  await expectToPass(...testRun, 'infra/local', 'workers', 'services/analytics/routes', 'tests/e2e/orders');
}, 900_000);
