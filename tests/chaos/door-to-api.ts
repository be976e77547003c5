import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TokenIssuer } from '../../lib/http/identity/issuer';
import type { Supervised } from './supervisor';

export interface Answer {
  status: number;
  body: unknown;
}

/** Asks the API until there is an answer that is meant: it may be down, or just coming up. */
export type Ask = (path: string, body: object, isMeant: (status: number) => boolean, how?: How) => Promise<Answer>;

interface How {
  headers?: Record<string, string>;
  /** Ends the attempts. */
  signal?: AbortSignal;
}

/** As an operator, over whichever port the API has just now. */
export const createDoorToApi =
  (api: Supervised, issuer: TokenIssuer): Ask =>
  async (path, body, isMeant, { headers = {}, signal } = {}) => {
    const token = await issuer.sign({ userId: randomUUID(), role: 'operator' });
    const request = {
      method: 'POST',
      body: JSON.stringify(body),
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'idempotency-key': randomUUID(),
        ...headers,
      },
    };
    for (;;) {
      signal?.throwIfAborted();
      const port = api.port();
      const url = `http://127.0.0.1:${port ?? 0}${path}`;
      const answer =
        port && (await fetch(url, { ...request, signal: AbortSignal.timeout(10_000) }).catch(() => undefined));
      if (answer && isMeant(answer.status)) return { status: answer.status, body: await answer.json() };
      await sleep(100);
    }
  };
