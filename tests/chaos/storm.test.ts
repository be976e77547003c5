import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createEmptyDatabase } from '../lib-support/database';
import { createWorld, type World } from '../support/platform';
import { required } from '../lib-support/required';
import { createArena, type Arena } from './arena';
import { isKept, report } from './report';
import { runStorm } from './storm';
import { migrateWitness } from './witness-database';

const seed = 4;
let world: World;
let arena: Arena;
let witness: Awaited<ReturnType<typeof createEmptyDatabase>>;
const logs = mkdtempSync(join(tmpdir(), 'sagaworks-storm-'));

beforeAll(async () => {
  world = await createWorld();
  witness = await createEmptyDatabase();
  await migrateWitness(witness.url);
  arena = await createArena({
    env: world.env,
    witnessDatabaseUrl: witness.url,
    managementUrl: required('RABBITMQ_MANAGEMENT_URL'),
    seed,
    logs,
  });
}, 60_000);
afterAll(async () => {
  await arena.stop();
  await Promise.all([world.drop(), witness.drop()]);
  rmSync(logs, { recursive: true });
}, 60_000);

test('in a short storm nothing is lost, doubled or reordered, and every order ends', async () => {
  const outcome = await runStorm(arena, {
    orders: 100,
    seed,
    ordersPerSecond: 10,
    betweenFaultsMs: [500, 1_500],
    jwtSecret: world.env['JWT_SECRET'] ?? '',
    calmWithinMs: 120_000,
    log: () => undefined,
  });
  // Shown whole when it fails: what struck, and the first violations.
  expect(report(outcome, seed).filter(() => !isKept(outcome))).toEqual([]);
  expect(outcome.findings.published).toBeGreaterThan(300);
  expect(Object.values(outcome.struck).reduce((sum, times) => sum + times, 0)).toBeGreaterThan(5);
}, 480_000);
