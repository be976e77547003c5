interface Waiting<In, Out> {
  item: In;
  resolve: (out: Out) => void;
  reject: (reason: unknown) => void;
}

/**
 * Makes concurrent calls share one call of `run`: at most `lanes` batches of at most `max` items are under way, and
 * calls that arrive meanwhile form the next batch. No call waits for a batch to fill up.
 * `run` returns one result for each item, in their order. When it rejects, every item of the batch is rejected, so the
 * statement of a batch must not fail because of one item.
 * @example const find = coalesce((ids: string[]) => findMany(db, ids), { max: 100, lanes: 2 });
 */
export function coalesce<In, Out>(
  run: (batch: In[]) => Promise<Out[]>,
  { max, lanes }: { max: number; lanes: number },
): (item: In) => Promise<Out> {
  const waiting: Waiting<In, Out>[] = [];
  let running = 0;
  let starting = false;

  function start(): void {
    starting = false;
    while (running < lanes && waiting.length > 0) {
      running += 1;
      void runBatch(waiting.splice(0, max), run).finally(() => {
        running -= 1;
        start();
      });
    }
  }

  return (item) =>
    new Promise<Out>((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (starting || running >= lanes) return;
      // After this turn of the event loop, so that all requests that arrived in it form one batch.
      starting = true;
      setImmediate(start);
    });
}

/** Runs one batch and settles the promises of its callers; never rejects. */
async function runBatch<In, Out>(batch: Waiting<In, Out>[], run: (items: In[]) => Promise<Out[]>): Promise<void> {
  try {
    const results = await run(batch.map(({ item }) => item));
    if (results.length !== batch.length)
      throw new Error(`A batch of ${batch.length} items returned ${results.length} results`);
    // Of the same length, and `Out` may itself include undefined: the index is always inside.
    batch.forEach(({ resolve }, index) => resolve(results[index] as Out));
  } catch (error) {
    for (const { reject } of batch) reject(error);
  }
}

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
