import type { Kysely } from 'kysely';
import type { Envelope } from '../../events/envelope';
import { childTraceparent, newContext, withContext } from '../../telemetry/context';
import type { Subscription } from '../subscription/subscription';
import { withTimeout } from '../../async/wait';
import { defaultLockTimeoutMs } from '../../db/database';
import { platformError } from '../../errors/errors';

/** A subscription, and how long each of its handlers may take. */
export interface Handling {
  subscription: Subscription;
  handlerTimeoutMs: number;
}

/**
 * Runs the handlers of events, as one batch where the subscription can.
 * @throws `handler-timeout`, `invalid-message`, `unknown-event-version`; what a handler throws.
 */
export async function handleEvents(
  db: Kysely<unknown>,
  handling: Handling,
  events: readonly Envelope[],
): Promise<void> {
  const { subscription, handlerTimeoutMs } = handling;
  const [first] = events;
  if (first && subscription.handleAll)
    await withinHandlerTime(handlerTimeoutMs, first, subscription.handleAll(events, db));
  else for (const event of events) await handleEvent(db, handling, event);
}

/**
 * Runs the handler of an event, if it has one, in the context of what caused the event.
 * @throws as `handleEvents` does.
 */
export async function handleEvent(
  db: Kysely<unknown>,
  { subscription, handlerTimeoutMs }: Handling,
  event: Envelope,
): Promise<void> {
  const run = subscription.handlerOf(event.type);
  if (!run) return;
  const { id, correlationId, traceparent } = event;
  const context = newContext({ correlationId, causationId: id, traceparent: childTraceparent(traceparent ?? '') });
  const data = subscription.parse(event);
  await withinHandlerTime(
    handlerTimeoutMs,
    event,
    withContext(context, () => run(data, db, event)),
  );
}

/** Less than the time that a session may be idle in a transaction (15 s). */
export const defaultHandlerTimeoutMs = 10_000;

/**
 * How long a statement of a handler waits for a lock: shorter than the handler's time limit, so that it counts as an
 * outage.
 */
export const lockTimeoutOf = (handlerTimeoutMs: number): number =>
  Math.min(defaultLockTimeoutMs, Math.ceil(handlerTimeoutMs / 2));

/** PostgreSQL's code for a statement that reached the time limit, and for one that a person cancelled. */
const queryCancelled = '57014';

/**
 * Waits for a handler, at most `timeoutMs`. A handler that continues after that finds its transaction rolled back, so
 * its writes are refused. A wait for a lock ends sooner, as an outage.
 * @throws `handler-timeout`
 */
export function withinHandlerTime<T>(timeoutMs: number, event: Envelope, handling: Promise<T>): Promise<T> {
  const tooSlow = (): Error =>
    platformError('handler-timeout', `The handler of ${event.type} ${event.id} did not end within ${timeoutMs} ms`);
  const began = performance.now();
  /** A statement that was cancelled much earlier was cancelled by a person: an outage, not a fault of the message. */
  const hasTimedOut = (error: unknown): boolean =>
    (error as { code?: unknown }).code === queryCancelled && performance.now() - began >= 0.9 * timeoutMs;
  const handled = handling.catch((error: unknown) => {
    throw hasTimedOut(error) ? tooSlow() : error;
  });
  return withTimeout(timeoutMs, handled, tooSlow);
}
