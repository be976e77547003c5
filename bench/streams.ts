import { once } from 'node:events';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Stack } from '../infra/local/stack';
import { freePort } from '../infra/local/ports';
import type { Measured } from './measure';
import { startPlatform } from './platform';
import { startProgram, type Program } from './process';

const streams = 1_000;
/** At once, so that no connection is refused. */
const window = 50;
/** Opened and let go before, so that what a process needs once is not counted for each. */
const warmUp = 200;
const settleMs = 3_000;
/** The most that a stream may take. */
const barKiB = 100;

/** What a thousand idle readers of all orders cost an API process of its own, beside a bare server that holds as many. */
export async function benchStreams(stack: Stack): Promise<Measured> {
  const platform = await startPlatform(stack, ['api']);
  const port = await freePort();
  const bare = await startProgram(resolve('bench/bare/streams.ts'), [], {}, port);
  try {
    const ours = await measure(platform, `${platform.url}/orders/stream`, platform.token);
    const limit = await measure(bare, `http://127.0.0.1:${port}/`, '');
    const result = {
      what: `memory of an idle stream, ${streams.toLocaleString('en')} open`,
      ours: `${ours.KiB} KiB`,
      limit: `${limit.KiB} KiB (bare server)`,
      comparison: `+${ours.KiB - limit.KiB} KiB`,
      bar: `≤ ${barKiB} KiB`,
      reached: ours.KiB <= barKiB,
    };
    return {
      results: [result],
      memory: [`API process: ${ours.before} MiB, with ${streams} streams ${ours.after} MiB`],
    };
  } finally {
    await bare.stop();
    await platform.stop();
  }
}

async function measure(program: Program, url: string, token: string) {
  close(await open(url, token, warmUp));
  await sleep(settleMs);
  const before = await program.memory();
  const held = await open(url, token, streams);
  await sleep(settleMs);
  const after = await program.memory();
  close(held);
  return { before, after, KiB: Math.round(((after - before) * 1024) / streams) };
}

/** Opens streams, and waits until each has begun. */
async function open(url: string, token: string, count: number): Promise<ClientRequest[]> {
  const held: ClientRequest[] = [];
  while (held.length < count) {
    const next = Array.from({ length: Math.min(window, count - held.length) }, () => openOne(url, token));
    held.push(...(await Promise.all(next)));
  }
  return held;
}

async function openOne(url: string, token: string): Promise<ClientRequest> {
  const sent = request(url, { agent: false, headers: { authorization: `Bearer ${token}` } });
  sent.end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  if (response.statusCode !== 200) throw new Error(`${url} answered ${response.statusCode ?? 'nothing'}`);
  await once(response, 'data');
  // It is cut by us in the end.
  response.on('error', () => undefined);
  return sent;
}

const close = (held: readonly ClientRequest[]): void => {
  for (const one of held) one.destroy();
};
