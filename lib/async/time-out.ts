/**
 * Waits for work, at most `timeoutMs`. Work that takes longer continues, and its outcome is ignored.
 * @throws what the work throws; what `onTimeout` returns when the work takes too long
 */
export async function withTimeout<T>(timeoutMs: number, work: Promise<T>, onTimeout: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timedOut = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(onTimeout()), timeoutMs);
  });
  work.catch(() => undefined); // After the time-out nothing awaits it.
  return Promise.race([work, timedOut]).finally(() => clearTimeout(timer));
}
