import { randomUUID } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { RoleName } from '../../contracts/http/roles';
import { breakTable } from '../../tests/support/broken-table';
import { createWorld, startTestPlatform, type TestPlatform, type World } from '../../tests/support/platform';
import { startBrowser, violationsOf } from './browser';

let world: World;
let platform: TestPlatform;
let browser: Browser;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  browser = await startBrowser();
  world = await createWorld({ ATTEMPTS_BEFORE_ALARM: '1' });
  platform = await startTestPlatform(world);
  for (const [sku, stock] of [
    ['TEA-1', 1_000],
    ['CUP-1', 12],
  ] as const) {
    await platform.call('POST', '/products', { sku, name: sku, price: { amount: 1250, currency: 'EUR' }, stock });
  }
}, 120_000);
afterAll(async () => {
  await browser.close();
  await platform.stop();
  await world.drop();
});
beforeEach(async () => {
  context = await browser.newContext({ locale: 'en-GB' });
  page = await context.newPage();
  page.setDefaultTimeout(60_000);
});
afterEach(() => context.close());

/** Opens a page by the one-time link of a bearer. */
async function open(path: string, role: RoleName = 'operator'): Promise<string> {
  const token = await platform.token(randomUUID(), role);
  const { body } = await platform.call('POST', '/console/codes', {}, { token });
  const link = `${platform.url}/console${path}#code=${String(body['code'])}`;
  await page.goto(link);
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
  return link;
}

const firstOrder = () => page.locator('.demo-orders > li').first();

async function place(choice: string): Promise<void> {
  await page.getByRole('button', { name: choice }).click();
  await firstOrder().waitFor();
}

test('a link signs in once', async () => {
  const link = await open('/demo');
  expect(page.url()).not.toContain('code');
  const other = await browser.newContext({ locale: 'en-GB' });
  const stranger = await other.newPage();
  await stranger.goto(link);
  await stranger.getByRole('button', { name: 'Sign in' }).waitFor();
  await other.close();
});

test('a token signs in, an invalid one does not, and who signs out is out', async () => {
  await page.goto(`${platform.url}/console/orders`);
  await page.getByLabel('Token').fill('nonsense');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').waitFor();
  await page.getByLabel('Token').fill(await platform.token(randomUUID(), 'operator'));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Orders' }).waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('Token').waitFor();
  expect(await context.cookies()).toEqual([]);
});

test('scripts cannot read the session, and other sites cannot use it', async () => {
  await open('/orders');
  const [cookie] = await context.cookies();
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
  const header = { cookie: `${cookie?.name ?? ''}=${cookie?.value ?? ''}` };
  const ask = async (more: Record<string, string>) =>
    (await fetch(`${platform.url}/orders`, { headers: { ...header, ...more } })).status;
  expect(await ask({ 'sec-fetch-site': 'same-origin' })).toBe(200);
  expect(await ask({ 'sec-fetch-site': 'cross-site', 'x-console': '1' })).toBe(401);
  expect(await ask({ 'sec-fetch-site': 'same-site' })).toBe(401);
  expect(await ask({})).toBe(401);
});

test('an order is placed by a click and confirmed before the eyes of who placed it', async () => {
  await open('/demo');
  await place('Everything works');
  await firstOrder().getByText('confirmed', { exact: true }).first().waitFor();
  await firstOrder().getByText('captured').waitFor();
});

test('where nobody delivers, the order is cancelled and the payment voided', async () => {
  await open('/demo');
  await place('Nowhere to deliver');
  await firstOrder().getByText('cancelled', { exact: true }).first().waitFor();
  await firstOrder().getByText('voided').waitFor();
});

test('an order is explained: in a sentence, by its saga with its undos, and by a ledger that is closed', async () => {
  await open('/demo');
  await place('Nowhere to deliver');
  await firstOrder().getByText('cancelled', { exact: true }).first().waitFor();
  await firstOrder().getByRole('link', { name: 'Details' }).click();
  await page.getByText('Cancelled because the carrier does not deliver to 00000').waitFor();
  const saga = page.getByRole('img', {
    name: 'reserve stock: undone, authorize payment: undone, book shipment: failed',
  });
  await saga.waitFor();
  await page.getByText('closed', { exact: true }).waitFor();
});

test('what a role may not see is left out: support sees the order without the explanation', async () => {
  await open('/demo', 'support');
  await place('Everything works');
  await firstOrder().getByText('confirmed', { exact: true }).first().waitFor();
  await firstOrder().getByRole('link', { name: 'Details' }).click();
  await page.getByText('order.confirmed').waitFor();
  expect(await page.getByRole('heading', { name: 'Ledger' }).count()).toBe(0);
});

test('a review is decided after the console has said what that does', async () => {
  await open('/demo');
  await place('Suspicious payment');
  await firstOrder().getByRole('button', { name: 'Approve' }).click();
  await firstOrder().getByText('The saga continues').waitFor();
  await firstOrder().getByRole('button', { name: 'Approve: Do it' }).click();
  await firstOrder().getByText('confirmed', { exact: true }).first().waitFor();
});

test('an order is found by its id, shown as it was, and cancelled', async () => {
  await open('/demo');
  await place('Everything works');
  await firstOrder().getByText('confirmed', { exact: true }).first().waitFor();
  await firstOrder().getByRole('link', { name: 'Details' }).click();
  await page.getByRole('heading', { name: 'Timeline' }).waitFor();
  const orderId = page.url().split('/').at(-1) ?? '';
  await page.keyboard.press('o');
  await page.getByRole('heading', { name: 'Orders' }).waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type(orderId);
  await page.keyboard.press('Enter');
  await page.getByRole('slider').fill('1');
  await page.locator('tfoot').getByText('placed').waitFor();
  await page.getByRole('button', { name: 'Cancel order' }).click();
  await page.getByRole('button', { name: 'Cancel order: Do it' }).click();
  await page.locator('main > .row .status-cancelled').waitFor();
});

test('a stuck saga is shown with its error, skipped with a reason, and that is in the audit', async () => {
  await open('/demo');
  await place('Everything works');
  await firstOrder().getByText('confirmed', { exact: true }).first().waitFor();
  await firstOrder().getByRole('link', { name: 'Details' }).click();
  await page.getByRole('button', { name: 'Cancel order' }).waitFor();
  const orderId = page.url().split('/').at(-1) ?? '';
  await breakTable(world.databases['inventory'], 'reservations', orderId);
  await page.getByRole('button', { name: 'Cancel order' }).click();
  await page.getByRole('button', { name: 'Cancel order: Do it' }).click();
  await page.getByRole('link', { name: 'Stuck sagas' }).click();
  const saga = page.getByRole('listitem').filter({ hasText: orderId });
  await saga.getByText('releaseStock').waitFor();
  await saga.getByText('broken').waitFor();
  await saga.getByText('give a reason').waitFor();
  await saga.getByLabel('Reason').fill('released by hand');
  await saga.getByRole('button', { name: 'Skip' }).click();
  await saga.getByText('The stock stays as it is').waitFor();
  expect(await violationsOf(page)).toEqual([]);
  await saga.getByRole('button', { name: 'Skip: Do it' }).click();
  await saga.waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'Audit' }).click();
  await page.getByText('released by hand').first().waitFor();
  expect(await violationsOf(page)).toEqual([]);
});

test('a viewer is not offered what only others may do', async () => {
  await open('/demo', 'viewer');
  await page.getByText('Your role does not allow this').waitFor();
  expect(await page.getByRole('button', { name: 'Everything works' }).count()).toBe(0);
});

test('a session that ends is renewed above the page', async () => {
  await open('/orders');
  await page.getByRole('table').waitFor();
  await context.clearCookies();
  await page.getByLabel('Status').selectOption('confirmed');
  await page
    .getByRole('dialog')
    .getByLabel('Token')
    .fill(await platform.token(randomUUID(), 'operator'));
  await page.getByRole('dialog').getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(page.url()).toContain('status=confirmed');
});

test.each(['light', 'dark'] as const)('every page is accessible in %s, and fits a phone', async (colorScheme) => {
  await page.emulateMedia({ colorScheme });
  await page.goto(`${platform.url}/console`);
  await page.getByLabel('Token').waitFor();
  expect(await violationsOf(page)).toEqual([]);
  await open('/demo');
  await place('Suspicious payment');
  await firstOrder().getByRole('button', { name: 'Approve' }).click();
  expect(await violationsOf(page)).toEqual([]);
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
  await page.getByRole('link', { name: 'Details' }).first().click();
  await page.getByRole('heading', { name: 'Timeline' }).waitFor();
  expect(await violationsOf(page)).toEqual([]);
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
  await page.getByRole('link', { name: 'Orders' }).click();
  await page.getByRole('table').waitFor();
  expect(await violationsOf(page)).toEqual([]);
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  expect(await violationsOf(page)).toEqual([]);
});

test('it speaks German', async () => {
  await open('/orders');
  await page.getByLabel('Language').selectOption('de');
  await page.getByRole('heading', { name: 'Bestellungen' }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('de');
});

test('nothing is inline, and the first load has at most 100 kB', async () => {
  const { headers } = await fetch(`${platform.url}/console`);
  expect(headers.get('content-security-policy')).not.toContain('unsafe');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  const folder = 'console/dist/assets';
  const sizes = readdirSync(folder).map((name) => gzipSync(readFileSync(`${folder}/${name}`)).length);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(100_000);
});
