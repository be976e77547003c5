import { setTimeout as sleep } from 'node:timers/promises';
import type { TestBed } from './test-bed';
import { countEvents, countOrders } from './platform-store';
import { countApplied } from './witness-store';
import { observersOf } from './witnesses';

/** Waits until there is nothing left to do: every order has ended, and every event has had its effect on both witnesses. */
export async function untilQuiescent(testBed: TestBed, quiescentWithinMs: number): Promise<number | undefined> {
  const begin = Date.now();
  while (Date.now() - begin < quiescentWithinMs) {
    const quiescent = await isQuiescent(testBed).catch(() => false); // A database that is just coming up.
    if (quiescent) return Date.now() - begin;
    await sleep(200);
  }
  return undefined;
}

/** Repetitions may still be on their way: an effect that they have is to be in the history. */
export async function untilQuiet({ management, vhost }: TestBed): Promise<void> {
  for (let looks = 0; looks < 100; looks += 1) {
    const queues = (await management(`queues/${encodeURIComponent(vhost)}`)) as { name: string; messages?: number }[];
    const ours = queues.filter(({ name }) => name.startsWith('witness-') && !name.endsWith('-dead'));
    // The broker counts with a delay of some seconds.
    if (looks > 20 && ours.every(({ messages }) => messages === 0)) return;
    await sleep(300);
  }
}

async function isQuiescent(testBed: TestBed): Promise<boolean> {
  const { placed = 0 } = await countOrders(testBed.database('orders').kysely);
  if (placed > 0) return false;
  const events = await Promise.all(testBed.logs.map(({ database }) => countEvents(database.kysely)));
  const total = events.reduce((sum, count) => sum + count, 0);
  return (await countApplied(testBed.witness.kysely)) >= total * observersOf('').length;
}
