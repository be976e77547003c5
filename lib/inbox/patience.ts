import type { Envelope } from '../broker/envelope';
import { fail } from '../errors/errors';

/** A handler that has not ended by then never will; less than a session may be idle in a transaction (15 s). */
export const defaultHandlerTimeoutMs = 10_000;

/**
 * Waits for a handler, but not for ever. One that goes on after its time finds its transaction rolled back: whatever it
 * writes then is refused.
 * @throws `handler-timeout`
 */
export async function within<T>(timeoutMs: number, event: Envelope, handling: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(fail('handler-timeout', `The handler of ${event.type} ${event.id} did not end within ${timeoutMs} ms`));
    }, timeoutMs);
  });
  handling.catch(() => undefined); // After its time nobody listens any more.
  return Promise.race([handling, tooLate]).finally(() => clearTimeout(timer));
}
