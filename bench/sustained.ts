const together = 100;

/**
 * Runs something a number of times, always a hundred at once, and returns the rate per second: begun all at once, the first
 * part of a chain would be busy alone at first, and the last one in the end.
 */
export async function sustainedRate(count: number, run: () => Promise<unknown>): Promise<number> {
  let left = count;
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await run();
    }
  };
  const begin = performance.now();
  await Promise.all(Array.from({ length: together }, lane));
  return (count * 1_000) / (performance.now() - begin);
}
