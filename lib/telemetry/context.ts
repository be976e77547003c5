import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';

/** What follows a piece of work across calls, messages and processes. */
export interface Context {
  /** One per cause from outside: an HTTP request and all that comes of it. */
  correlationId: string;
  /** The id of the event that this work answers to. */
  causationId?: string;
  /** W3C trace context: `00-<trace>-<span>-<flags>`. */
  traceparent: string;
  /** The id of the user on whose behalf it happens. */
  actor?: string;
}

const storage = new AsyncLocalStorage<Context>();

/** The context of the code that runs now; a new one when there is none. */
export const currentContext = (): Context => storage.getStore() ?? newContext();

/** The context of the code that runs now, if there is one. */
export const activeContext = (): Context | undefined => storage.getStore();

/** Runs `run`, and all it awaits, in `context`. */
export const withContext = <T>(context: Context, run: () => T): T => storage.run(context, run);

/** A context from what is known; correlation id and trace are begun when they are not given. */
export const newContext = (part: Partial<Context> = {}): Context => ({
  ...part,
  correlationId: part.correlationId ?? randomUUID(),
  traceparent: part.traceparent ?? newTraceparent(),
});

const wellFormed = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})/;

/** The next span of the same trace; the first span of a new trace when `traceparent` is not well-formed. */
export function childTraceparent(traceparent: string): string {
  const [, trace, flags] = wellFormed.exec(traceparent) ?? [];
  return trace && flags ? `00-${trace}-${spanId()}-${flags}` : newTraceparent();
}

const newTraceparent = (): string => `00-${hex()}-${spanId()}-01`;
const spanId = (): string => hex().slice(0, 16);
/** 32 hex digits, never all zero: a UUID without its dashes, the cheapest randomness there is. */
const hex = (): string => randomUUID().replaceAll('-', '');
