import type { Kysely } from 'kysely';
import type { Envelope } from '../../events/envelope';
import { childTraceparent, newContext, withContext } from '../../telemetry/context';
import type { Subscription } from '../subscription/subscription';
import { withinHandlerTime } from './handler-timeout';

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
