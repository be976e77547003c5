import { intakeOf } from '../consumers';

interface Health {
  degraded?: string[];
  waitingFor?: string[];
}

/**
 * Asks other processes of the platform, by their `/readyz`, which queues they hold. A process that does not answer within
 * a second says nothing.
 * @param urls where these processes serve health
 * @param queues the queues that may be held
 */
export async function heldByPeers(urls: readonly string[], queues: readonly string[]): Promise<Set<string>> {
  const answers = await Promise.all(urls.map(askHealth));
  const missing = answers.flatMap(({ degraded = [], waitingFor = [] }) => [...degraded, ...waitingFor]);
  return new Set(queues.filter((queue) => missing.includes(`${intakeOf(queue)} (held)`)));
}

async function askHealth(url: string): Promise<Health> {
  try {
    const answer = await fetch(new URL('/readyz', url), { signal: AbortSignal.timeout(1_000) });
    return (await answer.json()) as Health;
  } catch {
    return {}; // It is down, or starting: nobody consumes, and nothing is known.
  }
}
