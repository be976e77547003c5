import { setTimeout as sleep } from 'node:timers/promises';

/** Asks until the answer is accepted; returns the last answer when the time is over. */
export async function poll<T>(ask: () => Promise<T>, done: (answer: T) => boolean, timeoutMs: number): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (done(answer) || Date.now() > deadline) return answer;
    await sleep(50);
  }
}
