import { withTimeout } from '../../async/time-out';
import type { Envelope } from '../../events/envelope';
import { defaultLockTimeoutMs } from '../../db/database';
import { fail } from '../../errors/errors';

/** A handler that has not ended by then never will; less than a session may be idle in a transaction (15 s). */
export const defaultHandlerTimeoutMs = 10_000;

/** How long a statement of a handler waits for a lock: a wait for others must end before the handler's own time does. */
export const lockTimeoutOf = (handlerTimeoutMs: number): number =>
  Math.min(defaultLockTimeoutMs, Math.ceil(handlerTimeoutMs / 2));

/** What PostgreSQL says of a statement that has taken as long as its handler may; and of one that a person cancelled. */
const queryCancelled = '57014';

/**
 * Waits for a handler, at most `timeoutMs`. One that goes on after its time finds its transaction rolled back: whatever
 * it writes then is refused. A wait for a lock does not count: it ends sooner, as an outage.
 * @throws `handler-timeout`
 */
export function withinHandlerTime<T>(timeoutMs: number, event: Envelope, handling: Promise<T>): Promise<T> {
  const tooSlow = (): Error =>
    fail('handler-timeout', `The handler of ${event.type} ${event.id} did not end within ${timeoutMs} ms`);
  const began = performance.now();
  /** A statement cancelled much earlier was cancelled by a person: an outage, and no fault of the message. */
  const isOurs = (error: unknown): boolean =>
    (error as { code?: unknown }).code === queryCancelled && performance.now() - began >= 0.9 * timeoutMs;
  const handled = handling.catch((error: unknown) => {
    throw isOurs(error) ? tooSlow() : error;
  });
  return withTimeout(timeoutMs, handled, tooSlow);
}
