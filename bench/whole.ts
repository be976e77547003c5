import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startBackground } from '../infra/local/background';
import type { Stack } from '../infra/local/stack';
import { freePort } from '../infra/local/ports';
import { startBareSaga, type BareSaga } from './bare-saga';
import { listenForEndings, type Endings } from './endings';
import { percentile, rateResult, reported, type Measured } from './measure';
import { startPlatform, type Platform } from './platform';
import { canBeRead, readUsed, type Group, type Used } from './processes';
import { startProgram, type Program } from './process';
import { placeOrder } from './place-order';

const orders = Number(process.env['ORDERS'] ?? 400);
const clients = 32;
const rounds = 3;
/** Until what the orders of a round have left behind (e-mails, read models) is done, so that it counts for this round. */
const settleMs = 3_000;

/** What one round of orders gave. */
interface Round {
  acceptedPerSecond: number;
  acceptedMs: number[];
  finishedPerSecond: number;
  confirmedMs: number[];
  cpuMs: Partial<Record<Group, number>>;
}

/**
 * The whole platform as `npm start` makes it: 32 clients place orders while their sagas run. Beside it, in turns on the same
 * servers: a bare handler of `POST /orders`, and a bare workflow with as many activities.
 */
export async function benchWhole(stack: Stack, order: string): Promise<Measured> {
  const { platform, stop } = await startWhole(stack);
  const endings = await listenForEndings(stack.env['RABBITMQ_URL'] ?? '');
  const bareSaga = await startBareSaga(stack, order);
  const bareDatabase = { BENCH_DATABASE_URL: stack.env['ORDERS_DATABASE_URL'] ?? '' };
  const bareHandler = await startProgram(resolve('bench/bare/accept-server.ts'), [], bareDatabase, await freePort());
  try {
    const idle = usedBy(platform, stack);
    await placeAll(platform, endings, order, stack); // Warms it up.
    const ours: Round[] = [];
    const bare: { accepted: number; finished: number }[] = [];
    for (let round = 0; round < rounds; round += 1) {
      ours.push(await placeAll(platform, endings, order, stack));
      bare.push({ accepted: await bareAccepted(bareHandler, order), finished: await bareFinished(bareSaga) });
    }
    return report(ours, bare, { idle, loaded: usedBy(platform, stack) });
  } finally {
    await Promise.all([endings.close(), bareSaga.stop(), bareHandler.stop(), stop()]);
  }
}

interface Whole extends Platform {
  /** The ids of its processes. */
  ids(): number[];
}

async function startWhole(stack: Stack): Promise<{ platform: Whole; stop: () => Promise<unknown> }> {
  const env = { ...process.env, ...stack.env, PORT: String(await freePort()) };
  const background = startBackground(env, () => undefined);
  const [api] = await Promise.all([startPlatform(stack, ['api']), background.ready]);
  return {
    platform: { ...api, ids: () => [api.id, background.id() ?? 0] },
    stop: () => Promise.all([background.stop(), api.stop()]),
  };
}

/** Places all orders of a round, and waits until each is confirmed. */
async function placeAll(platform: Whole, endings: Endings, body: string, stack: Stack): Promise<Round> {
  const before = usedBy(platform, stack);
  const [acceptedMs, confirmedMs]: [number[], number[]] = [[], []];
  const confirmed: Promise<void>[] = [];
  const begin = performance.now();
  await inLanes(async () => {
    const sent = performance.now();
    const orderId = await placeOrder(platform.url, platform.token, body);
    const accepted = performance.now();
    acceptedMs.push(accepted - sent);
    confirmed.push(endings.confirmed(orderId).then(() => void confirmedMs.push(performance.now() - accepted)));
  });
  const acceptedPerSecond = perSecond(begin);
  await Promise.all(confirmed);
  const finishedPerSecond = perSecond(begin);
  await sleep(settleMs);
  const after = usedBy(platform, stack);
  return { acceptedPerSecond, acceptedMs, finishedPerSecond, confirmedMs, cpuMs: cpuBetween(before, after) };
}

async function bareAccepted({ port }: Program, body: string): Promise<number> {
  const begin = performance.now();
  await inLanes(() => placeOrder(`http://127.0.0.1:${port}`, 'none', body));
  return perSecond(begin);
}

async function bareFinished({ run }: BareSaga): Promise<number> {
  const begin = performance.now();
  // All are begun at once, as accepting is faster than finishing.
  await Promise.all(Array.from({ length: orders }, run));
  return perSecond(begin);
}

const perSecond = (begin: number): number => (orders * 1_000) / (performance.now() - begin);

/** Each client sends its next request when it has the answer to the one before. */
async function inLanes(run: () => Promise<unknown>): Promise<void> {
  let left = orders;
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await run();
    }
  };
  await Promise.all(Array.from({ length: clients }, lane));
}

const usedBy = (platform: Whole, stack: Stack): Partial<Record<Group, Used>> =>
  canBeRead(stack) ? readUsed(platform.ids(), resolve('.sagaworks/bench-stack')) : {};

function cpuBetween(before: Partial<Record<Group, Used>>, after: Partial<Record<Group, Used>>): Round['cpuMs'] {
  const groups = Object.entries(after) as [Group, Used][];
  return Object.fromEntries(groups.map(([group, { cpuMs }]) => [group, cpuMs - (before[group]?.cpuMs ?? 0)]));
}

type Memory = Record<'idle' | 'loaded', Partial<Record<Group, Used>>>;

function report(
  ours: readonly Round[],
  bare: readonly { accepted: number; finished: number }[],
  memory: Memory,
): Measured {
  const all = (samples: (round: Round) => readonly number[]): number[] => ours.flatMap((round) => [...samples(round)]);
  const perOrder = (group: Group): number => {
    const rates = ours.map(({ cpuMs }) => (cpuMs[group] ?? 0) / orders);
    return percentile(rates, 0.5);
  };
  const groups = Object.keys(ours[0]?.cpuMs ?? {}) as Group[];
  const processor = groups.map((group) => `${group} ${perOrder(group).toFixed(1)}`);
  const sum = groups.reduce((total, group) => total + perOrder(group), 0);
  const time = (what: string, samples: number[], share: number) =>
    reported({ what, ours: `${Math.round(percentile(samples, share))} ms`, limit: '', comparison: '' });
  return {
    results: [
      reported(
        rateResult(
          `orders accepted per second while sagas run, ${clients} clients`,
          ours.map(({ acceptedPerSecond }) => acceptedPerSecond),
          bare.map(({ accepted }) => accepted),
          0,
        ),
      ),
      reported(
        rateResult(
          'orders finished per second',
          ours.map(({ finishedPerSecond }) => finishedPerSecond),
          bare.map(({ finished }) => finished),
          0,
        ),
      ),
      time(
        'POST /orders, p50',
        all(({ acceptedMs }) => acceptedMs),
        0.5,
      ),
      time(
        'POST /orders, p99',
        all(({ acceptedMs }) => acceptedMs),
        0.99,
      ),
      time(
        '202 → confirmed, p50',
        all(({ confirmedMs }) => confirmedMs),
        0.5,
      ),
      time(
        '202 → confirmed, p99',
        all(({ confirmedMs }) => confirmedMs),
        0.99,
      ),
      reported({
        what: 'processor ms per order',
        ours: sum.toFixed(1),
        limit: '',
        comparison: processor.join(', '),
      }),
    ],
    memory: (['idle', 'loaded'] as const).map(
      (when) =>
        `${when}: ${Object.entries(memory[when])
          .map(([group, { MiB }]) => `${group} ${MiB} MiB`)
          .join(', ')}`,
    ),
  };
}
