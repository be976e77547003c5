import autocannon from 'autocannon';
import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { freePort } from '../infra/local/ports';
import type { Stack } from '../infra/local/stack';
import { median, rateResult, reported, type Measured } from './measure';
import { startPlatform } from './platform';
import { startProgram, type Program } from './process';
import { inTurns } from './rounds';

const rounds = 3;
const seconds = 5;

/**
 * `POST /orders` from 32 clients beside a bare Hono + pg handler that writes the same rows, in turns.
 * Only the API runs, as it would in production: relay and saga are other processes.
 */
export async function benchAccept(stack: Stack, order: string): Promise<Measured> {
  const api = await startPlatform(stack, ['api']);
  const bare = await startProgram(
    resolve('bench/bare/accept-server.ts'),
    [],
    { BENCH_DATABASE_URL: stack.env['ORDERS_DATABASE_URL'] ?? '' },
    await freePort(),
  );
  try {
    const processor = { ours: [] as number[], limit: [] as number[] };
    const sides = {
      ours: () => shoot(api, api.url, { token: api.token, order }, processor.ours),
      limit: () => shoot(bare, `http://127.0.0.1:${bare.port}`, { token: api.token, order }, processor.limit),
    };
    await inTurns(1, sides); // Warms both up.
    const { ours, limit } = await inTurns(rounds, sides);
    const [oursUs, limitUs] = [median(processor.ours.slice(1)), median(processor.limit.slice(1))];
    const results = [
      rateResult('POST /orders accepted, 32 clients', ours, limit, 0.6),
      reported({
        what: 'processor time of the API for each of them',
        ours: `${Math.round(oursUs)} µs`,
        limit: `${Math.round(limitUs)} µs`,
        comparison: `${Math.round((oursUs / limitUs) * 100)} %`,
      }),
    ];
    return { results, memory: [`api after accepting: ${await api.memory()} MiB`] };
  } finally {
    await Promise.all([api.stop(), bare.stop()]);
  }
}

/**
 * Requests per second that were answered with 202; any other answer is a failed measurement. The processor time of the
 * program for each request, in microseconds, is added to `processorUs`: other work on the machine changes it less.
 */
async function shoot(
  program: Program,
  url: string,
  { token, order }: { token: string; order: string },
  processorUs: number[],
): Promise<number> {
  const before = await program.processorMs();
  const shot = await autocannon({ ...placing(url, token, order), connections: 32, duration: seconds });
  if (shot.non2xx > 0 || shot.errors > 0)
    throw new Error(`${shot.non2xx} answers from ${url} were not 202, ${shot.errors} failed`);
  processorUs.push((((await program.processorMs()) - before) * 1_000) / shot['2xx']);
  return shot['2xx'] / shot.duration;
}

/** Orders, each with a key of its own. */
const placing = (url: string, token: string, order: string) => ({
  url: `${url}/orders`,
  method: 'POST' as const,
  requests: [
    {
      setupRequest: (request: autocannon.Request) => ({
        ...request,
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${token}`,
          'idempotency-key': randomUUID(),
        },
        body: order,
      }),
    },
  ],
});
