import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { totals } from '../../services/payments/gateway/store';
import { loadHistories, saveHistory } from '../replay/histories';
import { matrixName } from '../replay/scenarios';
import { latch } from '../lib-support/latch';
import { startProxy, type Proxy } from '../lib-support/proxy';
import { required } from '../lib-support/required';
import { createSagaWorld, type SagaWorld } from '../support/saga';
import { shelf } from '../support/saga-services';
import { faults } from './faults';
import { runCase } from './run';
import { matrixSteps } from './steps';
import { documentOf, type Row } from './table';

const documentPath = resolve('docs/fault-matrix.md');
const outageMs = 2_000;
const cases = faults.flatMap((fault) => matrixSteps.map((step) => ({ step, fault })));

let world: SagaWorld;
/** Behind a line that is cut; apart, because nobody else should lose their Temporal. */
let behind: SagaWorld;
let line: Proxy;
let rows: Row[] = [];

beforeAll(async () => {
  const [host = '', port] = required('TEMPORAL_ADDRESS').split(':');
  line = await startProxy({ host, port: Number(port) });
  world = await createSagaWorld();
  behind = await createSagaWorld({ address: `127.0.0.1:${line.port}` });
  rows = await runAll();
}, 300_000);
afterAll(async () => {
  await Promise.all([world.stop(), behind.stop()]);
  await line.close();
});

/** Everything at once: most of the time of a case is waiting for a time-out. */
function runAll(): Promise<Row[]> {
  const over = latch();
  let waiting = matrixSteps.length;
  const outage = async (): Promise<void> => {
    waiting -= 1;
    if (waiting === 0) {
      line.cut();
      await sleep(outageMs);
      line.restore();
      over.open();
    }
    await over.opened;
  };
  return Promise.all(
    cases.map(async ({ step, fault }) => {
      const where = fault.meanwhile === 'cut' ? behind : world;
      return { step, fault, end: await runCase(where, step, fault, outage) };
    }),
  );
}

test.each(cases)('$fault.name: $step.name', ({ step, fault }) => {
  const { end } = rows.find((row) => row.step === step && row.fault === fault) ?? {};
  expect(end).toMatchObject({ ...fault.expected(step), ends: 1, held: 0 });
  if (end?.status === 'delivered') expect(end.payment).toBe('captured');
  else expect([undefined, 'declined', 'voided', 'refunded']).toContain(end?.payment);
});

test('over all cases money and stock add up', async () => {
  for (const { services } of [world, behind]) {
    const here = rows.filter(({ fault }) => (fault.meanwhile === 'cut' ? behind : world).services === services);
    const orders = here.filter(({ end }) => end.status === 'delivered').map(({ end }) => end.order);
    expect(await totals(services.databases.gateway.kysely)).toEqual({
      charged: orders.reduce((sum, { total }) => sum + total.amount, 0),
      held: 0,
    });
    for (const { sku, stock } of shelf) {
      const items = orders.flatMap((order) => order.items).filter((item) => item.sku === sku);
      const pieces = items.reduce((sum, { quantity }) => sum + quantity, 0);
      expect(await services.inventory.get(sku)).toMatchObject({
        available: stock - pieces,
        reserved: 0,
        shipped: pieces,
      });
    }
  }
});

/** With `RECORD=1` the document is written anew, and histories that are missing are kept. */
const records = process.env['RECORD'] !== undefined;

async function keepHistories(): Promise<void> {
  const known = loadHistories();
  for (const { step, fault, end } of rows) {
    const name = matrixName(fault.name, step.name);
    if (known.has(name)) continue;
    saveHistory(name, end.saga.workflowId, await end.saga.fetchHistory(), { compressed: true });
  }
}

test('the document says what has happened', async () => {
  const written = documentOf(rows);
  if (records) {
    writeFileSync(documentPath, written);
    await keepHistories();
  }
  expect(readFileSync(documentPath, 'utf8')).toBe(written);
});
