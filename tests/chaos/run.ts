import { setTimeout as sleep } from 'node:timers/promises';
import type { TokenIssuer } from '../../lib/http/identity/issuer';
import type { TestBed } from './test-bed';
import { checkFinalState } from './final-state';
import { untilQuiescent, untilQuiet } from './quiescence';
import { reconcileStandalone } from '../../workers/reconciliation/standalone';
import { createCustomers, piecesEach } from './customers';
import { createDoorToApi, type Ask } from './door-to-api';
import type { Actors } from './actors';
import { faultsIn, sagaFaults } from './faults';
import { checkHistory, type Findings } from './history';
import {
  countOrders,
  selectOrders,
  selectPayments,
  selectPublished,
  selectReserved,
  selectStock,
} from './platform-store';
import { createRandom, type Random } from './random';
import { selectApplied, selectHostilities } from './witness-store';
import { observersOf } from './witnesses';

export interface ChaosOptions {
  orders: number;
  seed: number;
  ordersPerSecond: number;
  /** Between the end of a fault and the next one. */
  betweenFaultsMs: readonly [least: number, most: number];
  issuer: TokenIssuer;
  /** How long to wait, after the last fault, for the backlog to be gone. */
  quiescentWithinMs: number;
  /** People who act on the orders: cancel, review, carry, return; then every order must come to its very end. */
  actors?: (ask: Ask) => Actors;
  log: (line: string) => void;
}

export interface Outcome {
  /** How often each fault struck. */
  struck: Record<string, number>;
  findings: Findings;
  /** Orders by how they ended. */
  orders: Record<string, number>;
  /** What does not add up. */
  disagreements: string[];
  /** From the end of the last fault until there was nothing left to do; undefined when that did not come. */
  quiescentAfterMs: number | undefined;
}

/** Orders are placed while faults strike; then everything comes to rest, and is examined. */
export async function runChaos(testBed: TestBed, options: ChaosOptions): Promise<Outcome> {
  const { orders, seed, ordersPerSecond, log } = options;
  const [api] = testBed.processes;
  if (!api) throw new Error('There is no API');
  const ask = createDoorToApi(api, options.issuer);
  const customers = createCustomers(ask, createRandom(seed + 1), options.actors !== undefined);
  const actors = options.actors?.(ask);
  await customers.open();
  log(`the platform is up; ${orders} orders, ${ordersPerSecond} a second`);

  const over = new AbortController();
  const striking = strike(testBed, createRandom(seed), options, over.signal);
  await customers.place(orders - 1, ordersPerSecond);
  over.abort();
  const struck = await striking;
  log('the last order is accepted, and the last fault over');

  const isFinished = (await actors?.finish(options.quiescentWithinMs)) ?? true;
  if (actors) log(isFinished ? 'every order has ended' : 'some orders did not end');
  const quiescentAfterMs = await untilQuiescent(testBed, options.quiescentWithinMs);
  await untilQuiet(testBed);
  for (const { kind, events } of await selectHostilities(testBed.witness.kysely)) struck[`handler ${kind}`] = events;
  return {
    struck,
    findings: await examine(testBed),
    orders: await countOrders(testBed.database('orders').kysely),
    disagreements: options.actors ? await auditEverything(testBed) : await audit(testBed, customers.accepted()),
    quiescentAfterMs: isFinished ? quiescentAfterMs : undefined,
  };
}

/** One fault after the other; none strikes again before all others have. */
async function strike(
  testBed: TestBed,
  random: Random,
  options: ChaosOptions,
  over: AbortSignal,
): Promise<Record<string, number>> {
  const {
    betweenFaultsMs: [least, most],
    log,
  } = options;
  const faults = options.actors ? sagaFaults : faultsIn(testBed);
  const struck: Record<string, number> = Object.fromEntries(faults.map(({ name }) => [name, 0]));
  let due = [...faults];
  while (!over.aborted) {
    await sleep(random.between(least, most), undefined, { signal: over }).catch(() => undefined); // No more faults.
    // Drawn from those that have not struck in this round.
    if (due.length === 0) due = [...faults];
    const fault = random.pick(due);
    due = due.filter((other) => other !== fault);
    log(fault.name);
    try {
      await fault.strike(testBed, random);
      struck[fault.name] = (struck[fault.name] ?? 0) + 1;
    } catch (error) {
      // What another fault keeps from striking is not the platform's failure.
      log(`  could not strike: ${String(error)}`);
    }
  }
  return struck;
}

/** One history for each exchange, added up. */
async function examine(testBed: TestBed): Promise<Findings> {
  const applied = await selectApplied(testBed.witness.kysely);
  const found: Findings[] = [];
  for (const { exchange, database } of testBed.logs) {
    const observers = observersOf(exchange);
    const own = applied.filter(({ subscription }) => observers.some((by) => by.subscription === subscription));
    found.push(checkHistory(await selectPublished(database.kysely), own, observers));
  }
  const sum = (of: (findings: Findings) => number): number =>
    found.reduce((total, findings) => total + of(findings), 0);
  return {
    published: sum(({ published }) => published),
    applied: sum((findings) => findings.applied),
    lost: sum(({ lost }) => lost),
    doubled: sum(({ doubled }) => doubled),
    outOfOrder: sum(({ outOfOrder }) => outOfOrder),
    invented: sum(({ invented }) => invented),
    brokenStreams: sum(({ brokenStreams }) => brokenStreams),
    violations: found.flatMap(({ violations }) => violations),
  };
}

/** As `sagaworks audit` does: orders, money, stock, parcels and workflows. */
async function auditEverything({ reconcileAt }: TestBed): Promise<string[]> {
  const { drift } = await reconcileStandalone({ ...reconcileAt, settleMs: 0 });
  return drift.map(({ kind, about, detail }) => `${kind} ${about}: ${detail}`);
}

async function audit({ database }: TestBed, placed: number): Promise<string[]> {
  const inventory = database('inventory').kysely;
  return checkFinalState({
    placed,
    piecesEach,
    orders: await selectOrders(database('orders').kysely),
    payments: await selectPayments(database('payments').kysely),
    stock: await selectStock(inventory),
    reserved: await selectReserved(inventory),
  });
}
