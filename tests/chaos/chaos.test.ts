import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { tokenIssuerOf } from '../../workers/config/token-issuer';
import { createEmptyDatabase } from '../lib-support/database';
import { createWorld, type World } from '../support/platform';
import { required } from '../lib-support/required';
import { createTestBed, type TestBed } from './test-bed';
import { isKept, report } from './report';
import { runChaos } from './run';
import { migrateWitness } from './witness-database';

const seed = 4;
let world: World;
let testBed: TestBed;
let witness: Awaited<ReturnType<typeof createEmptyDatabase>>;
const logs = mkdtempSync(join(tmpdir(), 'sagaworks-chaos-'));

beforeAll(async () => {
  world = await createWorld();
  witness = await createEmptyDatabase();
  await migrateWitness(witness.url);
  testBed = await createTestBed({
    env: world.env,
    witnessDatabaseUrl: witness.url,
    managementUrl: required('RABBITMQ_MANAGEMENT_URL'),
    seed,
    logs,
  });
}, 60_000);
afterAll(async () => {
  await testBed.stop();
  await Promise.all([world.drop(), witness.drop()]);
  rmSync(logs, { recursive: true });
}, 60_000);

test('in a short run nothing is lost, doubled or reordered, and every order ends', async () => {
  const outcome = await runChaos(testBed, {
    orders: 100,
    seed,
    ordersPerSecond: 10,
    betweenFaultsMs: [500, 1_500],
    issuer: tokenIssuerOf(world.env),
    quiescentWithinMs: 120_000,
    log: () => undefined,
  });
  // Shown whole when it fails: what struck, and the first violations.
  expect(report(outcome, seed).filter(() => !isKept(outcome))).toEqual([]);
  expect(outcome.findings.published).toBeGreaterThan(300);
  expect(Object.values(outcome.struck).reduce((sum, times) => sum + times, 0)).toBeGreaterThan(5);
}, 480_000);
