import { expect, test } from '@jest/globals';
import { createLogger } from '../telemetry/logger';
import { eventually } from '../../tests/lib-support/eventually';
import { every } from './every';
import { sleep } from './wait';

/** A logger that keeps its lines. */
function recording() {
  const lines: { level: string; job: string; msg: string }[] = [];
  const write = (line: string): void => void lines.push(JSON.parse(line) as (typeof lines)[number]);
  return { lines, logger: createLogger({ name: 'every', level: 'info', destination: { write } }) };
}

test('a job runs at once, then at each interval, and not after the stop', async () => {
  let runs = 0;
  const run = (): Promise<void> => Promise.resolve(void (runs += 1));
  const stop = every(run, { everyMs: 5, name: 'count', logger: recording().logger });
  expect(runs).toBe(1);
  await eventually(() => expect(runs).toBeGreaterThan(3));
  stop();
  const runsAtStop = runs;
  await sleep(30);
  expect(runs).toBe(runsAtStop);
});

test('a failure does not end the job, and is logged once until a run succeeds again', async () => {
  const { lines, logger } = recording();
  let runs = 0;
  const fails = [2, 3, 4, 6];
  const run = (): Promise<void> => {
    runs += 1;
    return fails.includes(runs) ? Promise.reject(new Error(`run ${runs}`)) : Promise.resolve();
  };
  const stop = every(run, { everyMs: 2, name: 'count', logger });
  await eventually(() => expect(runs).toBeGreaterThan(8));
  stop();
  expect(lines).toMatchObject([
    { level: 'warn', job: 'count', err: { message: 'run 2' } },
    { level: 'warn', job: 'count', err: { message: 'run 6' } },
  ]);
});

test('a run that takes longer than the interval does not overlap with the next', async () => {
  let running = 0;
  let most = 0;
  const run = async (): Promise<void> => {
    running += 1;
    most = Math.max(most, running);
    await sleep(20);
    running -= 1;
  };
  const stop = every(run, { everyMs: 2, name: 'slow', logger: recording().logger });
  await sleep(80);
  stop();
  expect(most).toBe(1);
});
