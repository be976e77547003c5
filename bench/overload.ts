import autocannon from 'autocannon';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Stack } from '../infra/local/stack';
import { placing } from './accept';
import { percentile, reported, type Measured } from './measure';
import { startPlatform, type Platform } from './platform';

/** As many at once as an API process always admits. */
const fullLoad = { connections: 128, seconds: 10 };
const overload = { connections: 512, seconds: 60, times: 4 };
const readyWithinMs = 200;
const recoveredWithinMs = 5_000;

interface Load {
  /** Answers by status. */
  statuses: Map<number, number>;
  acceptedMs: number[];
  perSecond: number;
}

/**
 * `POST /orders` at four times the rate that 128 clients reach, while `/readyz` is asked ten times a second. Who asks runs
 * on the same machine, and takes its share of it: the rates are lower than a machine of its own would give, the latencies
 * higher.
 */
export async function benchOverload(stack: Stack, order: string): Promise<Measured> {
  const api = await startPlatform(stack, ['api']);
  try {
    await load(api, order, fullLoad); // Warms it up.
    const full = await load(api, order, fullLoad);
    const stopAsking = askWhetherReady(api.url);
    const rate = full.perSecond * overload.times;
    const over = await load(api, order, { ...overload, overallRate: Math.round(rate) });
    const readyMs = await stopAsking();
    const recoveredMs = await untilAccepted(api, order);
    return {
      results: report(full, over, readyMs, recoveredMs),
      memory: [`api after overload: ${await api.memory()} MiB`],
    };
  } finally {
    await api.stop();
  }
}

async function load(
  { url, token }: Platform,
  order: string,
  { connections, seconds, overallRate }: { connections: number; seconds: number; overallRate?: number },
): Promise<Load> {
  const statuses = new Map<number, number>();
  const acceptedMs: number[] = [];
  await new Promise<void>((resolve, reject) => {
    const instance = autocannon(
      {
        ...placing(url, token, order),
        connections,
        duration: seconds,
        ...(overallRate === undefined ? {} : { overallRate }),
      },
      (error: unknown) => (error instanceof Error ? reject(error) : resolve()),
    );
    instance.on('response', (_client, status, _bytes, ms) => {
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status === 202) acceptedMs.push(ms);
    });
  });
  return { statuses, acceptedMs, perSecond: acceptedMs.length / seconds };
}

/** Asks until the function that is returned is called; that gives how long each answer took. */
function askWhetherReady(url: string): () => Promise<number[]> {
  const answers: number[] = [];
  const stopping = new AbortController();
  const asking = (async () => {
    while (!stopping.signal.aborted) {
      const began = performance.now();
      const { status } = await fetch(`${url}/readyz`);
      answers.push(status === 200 ? performance.now() - began : Infinity);
      await sleep(100);
    }
  })();
  return async () => {
    stopping.abort();
    await asking;
    return answers;
  };
}

/** How long it takes until 128 clients are served for a second without a refusal. */
async function untilAccepted(api: Platform, order: string): Promise<number> {
  const began = performance.now();
  for (;;) {
    const startedMs = performance.now() - began;
    const { statuses } = await load(api, order, { connections: fullLoad.connections, seconds: 1 });
    if (statuses.size === 1 && statuses.has(202)) return startedMs;
  }
}

function report(full: Load, over: Load, readyMs: readonly number[], recoveredMs: number): Measured['results'] {
  const fullMs = percentile(full.acceptedMs, 0.99);
  const overMs = percentile(over.acceptedMs, 0.99);
  const slowest = Math.max(...readyMs);
  const refused = [...over.statuses]
    .filter(([status]) => status !== 202)
    .map(([status, count]) => `${status}: ${count}`);
  return [
    {
      what: 'orders accepted in overload, p99, beside full load',
      ours: `${Math.round(overMs)} ms`,
      limit: `${Math.round(fullMs)} ms`,
      comparison: `${Math.round((overMs / fullMs) * 100)} %`,
      bar: '≤ 200 %',
      reached: overMs <= 2 * fullMs,
    },
    {
      what: '/readyz in overload, slowest of all',
      ours: `${Math.round(slowest)} ms`,
      limit: `${readyWithinMs} ms`,
      comparison: `${readyMs.length} answers`,
      bar: `≤ ${readyWithinMs} ms`,
      reached: slowest <= readyWithinMs,
    },
    {
      what: 'full service after overload',
      ours: `${Math.round(recoveredMs)} ms`,
      limit: `${recoveredWithinMs} ms`,
      comparison: '',
      bar: `≤ ${recoveredWithinMs} ms`,
      reached: recoveredMs <= recoveredWithinMs,
    },
    reported({
      what: 'orders accepted per second in overload, beside full load',
      ours: `${Math.round(over.perSecond)}/s`,
      limit: `${Math.round(full.perSecond)}/s`,
      comparison: `refused ${refused.join(', ') || 'none'}`,
    }),
  ];
}
