/**
 * Work in parallel lanes: items with the same key run one after the other, in order; items waiting in a lane are
 * batched.
 */
export interface Lanes<T> {
  push(key: string, item: T): void;
  /** Waits until no work is under way. */
  idle(): Promise<void>;
}

/** `work` must not reject; it handles its own failures. */
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
      if (!items) throw new Error(`No lane ${lane}`);
      items.push(item);
      if (!running.has(lane)) running.set(lane, run(lane, items));
    },
    async idle() {
      while (running.size > 0) await Promise.all(running.values());
    },
  };
}

/** FNV-1a: spreads keys evenly, and is the same everywhere. */
function hash(key: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1) {
    value = Math.imul(value ^ key.charCodeAt(index), 0x01000193) >>> 0;
  }
  return value;
}
