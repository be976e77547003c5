/**
 * Waits for work, at most `timeoutMs`. Work that takes longer goes on by itself; how it ends is ignored.
 * @throws what the work throws, or what `onTimeout` returns when it took too long
 */
export async function withTimeout<T>(timeoutMs: number, work: Promise<T>, onTimeout: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timedOut = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(onTimeout()), timeoutMs);
  });
  work.catch(() => undefined); // After the time-out nothing waits for it.
  return Promise.race([work, timedOut]).finally(() => clearTimeout(timer));
}
