import { setTimeout as sleep } from 'node:timers/promises';
import { sendReport } from './once';

const [perSecond, seconds, warmUp] = [500, 10, 500];

/**
 * Appends events at a steady pace and takes the time from each commit to the start of its handler.
 * Gives back what the handler has to call.
 */
export function startPace(append: (stream: string) => Promise<unknown>): (stream: string) => void {
  const committed = new Map<string, number>();
  const handled = new Map<string, number>();
  const total = perSecond * seconds + warmUp;
  const begin = performance.now();

  const one = async (index: number): Promise<void> => {
    const stream = `note-${index}`;
    await append(stream);
    committed.set(stream, performance.now());
  };
  const report = (): void => {
    // A handler may start before the writer has the answer to its commit: then the latency is 0.
    const samples = Array.from(handled, ([stream, at]) => Math.max(0, at - (committed.get(stream) ?? at)));
    sendReport(begin, samples.slice(warmUp));
  };
  const all = async (): Promise<void> => {
    const appending: Promise<void>[] = [];
    for (let index = 0; index < total;) {
      const due = Math.min(total, ((performance.now() - begin) * perSecond) / 1_000);
      while (index < due) appending.push(one(index++));
      await sleep(1);
    }
    await Promise.all(appending);
    while (handled.size < total) await sleep(20);
    report();
  };
  void all();
  return (stream) => {
    if (!handled.has(stream)) handled.set(stream, performance.now());
  };
}
