/** Work in parallel lanes: items of one key one after the other, in order; what waits in a lane is taken as a batch. */
export interface Lanes<T> {
  push(key: string, item: T): void;
  /** Waits until nothing is under way any more. */
  idle(): Promise<void>;
}

/** `work` must not reject: what fails is its own to deal with. */
export function createLanes<T>(options: {
  count: number;
  batchSize: number;
  work: (batch: T[]) => Promise<void>;
}): Lanes<T> {
  const { count, batchSize, work } = options;
  const waiting = Array.from({ length: count }, (): T[] => []);
  const running = new Map<number, Promise<void>>();

  async function run(lane: number, items: T[]): Promise<void> {
    // One turn of the event loop: what arrived in the same network packet becomes one batch.
    await new Promise(setImmediate);
    while (items.length > 0) await work(items.splice(0, batchSize));
    running.delete(lane);
  }

  return {
    push(key, item) {
      const lane = hash(key) % count;
      const items = waiting[lane];
      if (!items) throw new Error(`There is no lane ${lane}`);
      items.push(item);
      if (!running.has(lane)) running.set(lane, run(lane, items));
    },
    async idle() {
      while (running.size > 0) await Promise.all(running.values());
    },
  };
}

/** FNV-1a: spreads keys evenly, and the same everywhere. */
function hash(key: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1) {
    value = Math.imul(value ^ key.charCodeAt(index), 0x01000193) >>> 0;
  }
  return value;
}
