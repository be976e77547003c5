import { createMiddleware } from 'hono/factory';
import { withCancellation } from '../../async/cancellation';
import { withTimeout } from '../../async/time-out';
import { platformError } from '../../errors/errors';
import type { AppEnv } from '../env';

/** Longer than a statement may take: what PostgreSQL says of a slow one is worth more than that it was slow. */
export const defaultDeadlineMs = 15_000;

const changesNothing = (method: string): boolean => method === 'GET' || method === 'HEAD';

/**
 * Answers after `ms` at the latest; a stream in time to begin goes on. Reads are cancelled then, and when the caller has
 * gone: they give up waiting for a database connection, and soon end their statement. Writes go on: nobody could tell
 * how far one had come.
 * @throws `deadline-exceeded`
 */
export const limitTime = (ms: number) =>
  createMiddleware<AppEnv>(async (c, next) => {
    const isRead = changesNothing(c.req.method);
    const cancel = new AbortController();
    const answered = isRead ? cancellable(c.req.raw.signal, cancel, next) : next();
    const tooLate = (): Error => {
      cancel.abort();
      return platformError('deadline-exceeded', messageOf(ms, isRead));
    };
    await withTimeout(ms, answered, tooLate);
  });

async function cancellable(gone: AbortSignal, cancel: AbortController, next: () => Promise<void>): Promise<void> {
  const onGone = (): void => cancel.abort();
  gone.addEventListener('abort', onGone);
  await withCancellation(cancel.signal, next).finally(() => gone.removeEventListener('abort', onGone));
}

const messageOf = (ms: number, isRead: boolean): string =>
  `There was no answer within ${ms / 1_000} s. ${
    isRead ? 'Try again in a moment' : 'It may still be carried out: send it again with the same Idempotency-Key'
  }`;
