import autocannon from 'autocannon';
import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { freePort } from '../infra/local/ports';
import type { Stack } from '../infra/local/stack';
import { rateResult, type Measured } from './measure';
import { startPlatform, type Platform } from './platform';
import { startProgram } from './process';
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
    const sides = {
      ours: () => shoot(api.url, api.token, order),
      limit: () => shoot(`http://127.0.0.1:${bare.port}`, api.token, order),
    };
    await inTurns(1, sides); // Warms both up.
    const { ours, limit } = await inTurns(rounds, sides);
    const result = rateResult('POST /orders accepted, 32 clients', ours, limit, 0.6);
    return { results: [result], memory: [`api after accepting: ${await api.memory()} MiB`] };
  } finally {
    await Promise.all([api.stop(), bare.stop()]);
  }
}

/** Requests per second that were answered with 202; any other answer is a failed measurement. */
async function shoot(url: string, token: Platform['token'], order: string): Promise<number> {
  const shot = await autocannon({ ...placing(url, token, order), connections: 32, duration: seconds });
  if (shot.non2xx > 0 || shot.errors > 0)
    throw new Error(`${shot.non2xx} answers from ${url} were not 202, ${shot.errors} failed`);
  return shot['2xx'] / shot.duration;
}

/** Orders, each with a key of its own. */
export const placing = (url: string, token: Platform['token'], order: string) => ({
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
