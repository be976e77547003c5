import { createMiddleware } from 'hono/factory';
import { withCancellation } from '../../async/cancellation';
import { withTimeout } from '../../async/wait';
import { platformError } from '../../errors/errors';
import type { AppEnv } from '../env';

/** Longer than a statement may take, so that a slow statement is reported by PostgreSQL's own error. */
export const defaultDeadlineMs = 15_000;

/**
 * Limits how long a request may take until its response begins. A read (GET, HEAD) is cancelled when its time is over or
 * its client disconnects: it stops waiting for a database connection, and its statement is ended soon after. A write is
 * not cancelled, because the client could not know how far it had got.
 * @throws `deadline-exceeded`
 */
export const limitTime = (ms: number) =>
  createMiddleware<AppEnv>(async (c, next) => {
    const isRead = c.req.method === 'GET' || c.req.method === 'HEAD';
    const cancel = new AbortController();
    const response = isRead ? cancellable(c.req.raw.signal, cancel, next) : next();
    const tooLate = (): Error => {
      cancel.abort();
      return platformError('deadline-exceeded', messageOf(ms, isRead));
    };
    await withTimeout(ms, response, tooLate);
  });

async function cancellable(
  disconnected: AbortSignal,
  cancel: AbortController,
  next: () => Promise<void>,
): Promise<void> {
  const onDisconnect = (): void => cancel.abort();
  disconnected.addEventListener('abort', onDisconnect);
  await withCancellation(cancel.signal, next).finally(() => disconnected.removeEventListener('abort', onDisconnect));
}

const messageOf = (ms: number, isRead: boolean): string =>
  `No response within ${ms / 1_000} s. ${
    isRead ? 'Try again in a moment' : 'The change may still happen: repeat the request with the same Idempotency-Key'
  }`;
