import { setTimeout as sleep } from 'node:timers/promises';
import { poll } from '../../infra/local/poll';
import { docker, type Project } from './compose';
import type { Shop } from './shop';

/** Orders a second while processes are stopped. */
const rate = 5;

/** What became of the orders that were placed meanwhile. */
export interface Drained {
  placed: number;
  /** Of each container that was stopped: its role, its exit code, and how long it took, in ms. */
  stopped: { role: string; exitCode: number; tookMs: number }[];
}

/**
 * Stops one container of each role with SIGTERM, as a deployment does, and starts it again, under orders.
 * @throws Error when an order is not confirmed in the end
 */
export async function drainUnderOrders(project: Project, shop: Shop, roles: readonly string[]): Promise<Drained> {
  const placing: Promise<string>[] = [];
  const timer = setInterval(() => placing.push(shop.place()), 1_000 / rate);
  const stopped: Drained['stopped'] = [];
  try {
    for (const role of roles) {
      await sleep(1_000);
      stopped.push({ role, ...(await stopOne(project, role)) });
    }
    await sleep(1_000);
  } finally {
    clearInterval(timer);
  }
  const orders = await Promise.all(placing);
  for (const orderId of orders) await shop.confirmed(orderId);
  return { placed: orders.length, stopped };
}

async function stopOne({ compose }: Project, role: string): Promise<{ exitCode: number; tookMs: number }> {
  const [container = ''] = (await compose('ps', '--quiet', role)).split('\n');
  const began = performance.now();
  await docker('stop', '--time', '30', container);
  const tookMs = Math.round(performance.now() - began);
  const exitCode = Number(await docker('inspect', '--format', '{{.State.ExitCode}}', container));
  await docker('start', container);
  await untilHealthy(container);
  return { exitCode, tookMs };
}

async function untilHealthy(container: string): Promise<void> {
  const health = (): Promise<string> => docker('inspect', '--format', '{{.State.Health.Status}}', container);
  const last = await poll(health, (status) => status === 'healthy', 60_000);
  if (last !== 'healthy') throw new Error(`${container} is ${last}`);
}
