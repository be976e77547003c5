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
