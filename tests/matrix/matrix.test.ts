import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { totals } from '../../services/payments/gateway/store';
import { loadHistories, saveHistory } from '../replay/histories';
import { matrixName } from '../replay/scenarios';
import { startProxy, type Proxy } from '../lib-support/proxy';
import { required } from '../lib-support/required';
import { createSagaWorld, type SagaWorld } from '../support/saga';
import { shelf } from '../support/saga-services';
import { faults, type Fault } from './faults';
import { createSharedOutage, type SharedOutage } from './outage';
import { runCase, type CaseEnd } from './run';
import { matrixSteps, undosUpTo, type MatrixStep } from './steps';
import { documentOf, type Row } from './table';

const documentPath = resolve('docs/fault-matrix.md');
const timeoutMs = 300_000;

interface Case {
  step: MatrixStep;
  fault: Fault;
  /** Whether steps are tried directly first. */
  directSteps: boolean;
}
const casesWith = (directSteps: boolean): Case[] =>
  faults.flatMap((fault) => matrixSteps.map((step) => ({ step, fault, directSteps })));
const [queued, direct] = [casesWith(false), casesWith(true)];

let world: SagaWorld;
/** Behind a line that is cut; apart, because the other cases must not lose their Temporal. */
let behind: SagaWorld;
let line: Proxy;
let outage: SharedOutage;

beforeAll(async () => {
  const [host = '', port] = required('TEMPORAL_ADDRESS').split(':');
  line = await startProxy({ host, port: Number(port) });
  outage = createSharedOutage(line);
  [world, behind] = await Promise.all([createSagaWorld(), createSagaWorld({ address: `127.0.0.1:${line.port}` })]);
}, 120_000);
afterAll(async () => {
  await Promise.all([world.stop(), behind.stop()]);
  await line.close();
});

const worldOf = ({ fault }: Case): SagaWorld => (fault.meanwhile === 'cut' ? behind : world);

/** Each case runs once, for the first test that asks. */
const ends = new Map<Case, Promise<CaseEnd>>();
function endOf(one: Case): Promise<CaseEnd> {
  const { step, fault, directSteps } = one;
  const run = (outage: () => Promise<void>): Promise<CaseEnd> =>
    runCase(worldOf(one), step, fault, { outage, directSteps });
  const end = ends.get(one) ?? (fault.meanwhile === 'cut' ? outage.during(run) : run(() => Promise.resolve()));
  ends.set(one, end);
  return end;
}

const rowsOf = (cases: readonly Case[]): Promise<(Row & Case)[]> =>
  Promise.all(cases.map(async (one) => ({ ...one, end: await endOf(one) })));

/** All at once: most of the time of a case is waiting for a time-out. */
test.concurrent.each(queued)('$fault.name: $step.name', expectToEndWell, timeoutMs);
test.concurrent.each(direct)('$fault.name: $step.name, tried directly', expectToEndWell, timeoutMs);

/** In their order: the parcel is called back first. */
const everyUndo = undosUpTo(matrixSteps.at(-1) as MatrixStep, 'its own');

async function expectToEndWell(one: Case): Promise<void> {
  const end = await endOf(one);
  const expected = one.fault.expected(one.step);
  // A process may have died before the history knew of the steps that it had called directly.
  const undos = one.directSteps && expected.status === 'cancelled' ? everyUndo : expected.undos;
  expect(end).toMatchObject({ ...expected, undos, ends: 1, held: 0 });
  const { explained } = end;
  expect(explained).toMatchObject({ ledger: { closed: true }, unavailable: [] });
  expect(explained.summary).toMatch(end.status === 'delivered' ? /^Delivered/ : /^Cancelled (as|because) /);
  expect(explained.ledger.balance).toBe(end.status === 'delivered' ? end.order.total.amount : 0);
  if (end.status === 'delivered') expect(end.payment).toBe('captured');
  else expect([undefined, 'declined', 'voided', 'refunded']).toContain(end.payment);
}

test(
  'over all cases money and stock add up',
  async () => {
    const rows = await rowsOf([...queued, ...direct]);
    for (const { services } of [world, behind]) {
      const here = rows.filter((row) => worldOf(row).services === services);
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
  },
  timeoutMs,
);

/** With `RECORD=1` the document is written anew, and histories that are missing are kept. */
const records = process.env['RECORD'] !== undefined;

async function keepHistories(rows: readonly Row[]): Promise<void> {
  const known = loadHistories();
  for (const { step, fault, end } of rows) {
    const name = matrixName(fault.name, step.name);
    if (known.has(name)) continue;
    saveHistory(name, end.saga.workflowId, await end.saga.fetchHistory(), { compressed: true });
  }
}

test(
  'the document says what has happened',
  async () => {
    const rows = await rowsOf(queued);
    const written = documentOf(rows);
    if (records) {
      writeFileSync(documentPath, written);
      await keepHistories(rows);
    }
    expect(readFileSync(documentPath, 'utf8')).toBe(written);
  },
  timeoutMs,
);
