import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { startBrowser } from '../../console/journeys/browser';

const folder = 'docs/images/console';
const read = (name: string): Record<string, string> =>
  JSON.parse(readFileSync(join('.sagaworks', name), 'utf8')) as Record<string, string>;

/** Takes the pictures of the documentation, from the console of a running `npm start`. */
async function main(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const browser = await startBrowser();
  const context = await browser.newContext({
    viewport: { width: 1200, height: 800 },
    colorScheme: 'light',
    reducedMotion: 'reduce',
    locale: 'en-GB',
  });
  const page = await context.newPage();
  const take = (name: string) => page.screenshot({ path: join(folder, `${name}.png`) });
  await page.goto(`${read('stack.json')['apiUrl'] ?? ''}/console/demo`);
  await page.getByLabel('Token').fill(read('tokens.json')['operator'] ?? '');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await placeOrders(page);
  await take('demo');
  await page.emulateMedia({ colorScheme: 'dark' });
  await take('demo-dark');
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 360, height: 740 });
  await take('demo-phone');
  await page.setViewportSize({ width: 1200, height: 800 });
  await page.getByRole('link', { name: 'Orders' }).click();
  await page.getByRole('table').waitFor();
  await take('orders');
  await page.getByRole('row', { name: 'confirmed' }).first().getByRole('link').click();
  await page.getByRole('heading', { name: 'Timeline' }).waitFor();
  await take('order');
  await page.goBack();
  await page.getByRole('row', { name: 'address-not-serviceable' }).first().getByRole('link').click();
  await page.getByRole('heading', { name: 'Timeline' }).waitFor();
  await take('order-undone');
  await browser.close();
  process.stdout.write(`Took the pictures in ${folder}\n`);
}

async function placeOrders(page: Page): Promise<void> {
  for (const name of ['Everything works', 'Nowhere to deliver', 'Suspicious payment']) {
    await page.getByRole('button', { name }).click();
    await page.getByRole('button', { name, disabled: false }).waitFor();
  }
  for (const status of ['confirmed', 'cancelled', 'in review'])
    await page.getByRole('listitem').filter({ hasText: status }).first().waitFor();
}

void main();
