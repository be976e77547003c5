import { setTimeout as sleep } from 'node:timers/promises';
import type { Stack } from '../infra/local/stack';
import type { Load } from './load';
import { percentile, reported, type Measured } from './measure';
import { measureOnce } from './once';
import type { OverloadReport } from './overload-process';
import { startPlatform } from './platform';

const { SECONDS: seconds = '60' } = process.env;
const readyWithinMs = 200;
const recoveredWithinMs = 5_000;

/**
 * `POST /orders` at four times the rate that 128 clients reach, for a minute, while `/readyz` is asked ten times a second.
 * The clients share the machine with the API: the rates are lower than a machine of its own would give, the latencies
 * higher.
 */
export async function benchOverload(stack: Stack, order: string): Promise<Measured> {
  const api = await startPlatform(stack, ['api']);
  try {
    const stopAsking = askWhetherReady(api.url);
    const settings = { TARGET_URL: api.url, TOKEN: api.token, ORDER: order, OVERLOAD_SECONDS: seconds };
    const loads = await measureOnce<OverloadReport>('overload-process.ts', settings);
    const answers = await stopAsking();
    return {
      results: report(loads, answers),
      memory: [`api after overload: ${await api.memory()} MiB`],
    };
  } finally {
    await api.stop();
  }
}

/** An answer to `/readyz`: when it was asked for, and how long it took; infinitely long when it was not 200. */
interface Answer {
  askedAt: number;
  ms: number;
}

/** Asks until the function that is returned is called; that returns the answers. */
function askWhetherReady(url: string): () => Promise<Answer[]> {
  const answers: Answer[] = [];
  const stopping = new AbortController();
  const asking = (async () => {
    while (!stopping.signal.aborted) {
      const [askedAt, began] = [Date.now(), performance.now()];
      const { status } = await fetch(`${url}/readyz`);
      answers.push({ askedAt, ms: status === 200 ? performance.now() - began : Infinity });
      await sleep(100);
    }
  })();
  return async () => {
    stopping.abort();
    await asking;
    return answers;
  };
}

function report({ full, over, after }: OverloadReport, answers: readonly Answer[]): Measured['results'] {
  const [fullMs, overMs] = [full, over].map(({ acceptedMs }) => percentile(acceptedMs, 0.99)) as [number, number];
  const readyMs = answers.filter((one) => isDuring(one, over)).map(({ ms }) => ms);
  const slowest = Math.max(...readyMs);
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
      comparison: `${readyMs.length} answers, p50 ${Math.round(percentile(readyMs, 0.5))} ms`,
      bar: `≤ ${readyWithinMs} ms`,
      reached: slowest <= readyWithinMs,
    },
    {
      what: 'last request refused after overload',
      ours: `${Math.round(after.lastRefusedMs)} ms`,
      limit: `${recoveredWithinMs} ms`,
      comparison: refusals(after),
      bar: `≤ ${recoveredWithinMs} ms`,
      reached: after.lastRefusedMs <= recoveredWithinMs,
    },
    {
      what: 'requests refused at full load',
      ours: String(refused(full)),
      limit: '0',
      comparison: refusals(full),
      bar: 'none',
      reached: refused(full) === 0,
    },
    reported({
      what: 'orders accepted per second in overload, beside full load',
      ours: `${Math.round(perSecond(over))}/s`,
      limit: `${Math.round(perSecond(full))}/s`,
      comparison: `${refusals(over)}; ${over.unsent} not sent; clients took ${Math.round(over.processorShare * 100)} % of a core`,
    }),
  ];
}

const isDuring = ({ askedAt }: Answer, { beganAt, seconds: lasted }: Load): boolean =>
  askedAt >= beganAt && askedAt < beganAt + lasted * 1_000;
const perSecond = ({ acceptedMs, seconds: lasted }: Load): number => acceptedMs.length / lasted;
const refused = ({ statuses, acceptedMs }: Load): number =>
  Object.values(statuses).reduce((sum, count) => sum + count, 0) - acceptedMs.length;

function refusals({ statuses }: Load): string {
  const counts = Object.entries(statuses).filter(([status]) => status !== '202');
  return `refused ${counts.map(([status, count]) => `${status}: ${count}`).join(', ') || 'none'}`;
}
