import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again until the answer will do; the last one when patience is over. */
export async function until<T>(ask: () => Promise<T>, done: (answer: T) => boolean, patienceMs: number): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const answer = await ask();
    if (done(answer) || Date.now() > deadline) return answer;
    await sleep(50);
  }
}
