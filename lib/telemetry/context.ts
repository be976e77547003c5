import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';

/** The context that follows a piece of work across calls, messages and processes. */
export interface Context {
  /** One per external cause, such as an HTTP request, and for everything that results from it. */
  correlationId: string;
  /** The id of the event that led to this work. */
  causationId?: string;
  /** W3C trace context: `00-<trace>-<span>-<flags>`. */
  traceparent: string;
  /** The id of the user on whose behalf it happens. */
  actor?: string;
}

const storage = new AsyncLocalStorage<Context>();

/** The context of the running code; a new one when there is none. */
export const currentContext = (): Context => storage.getStore() ?? newContext();

/** The context of the running code, if there is one. */
export const activeContext = (): Context | undefined => storage.getStore();

/** Runs `run`, and everything it awaits, in `context`. */
export const withContext = <T>(context: Context, run: () => T): T => storage.run(context, run);

/** A context with the given parts; the correlation id and the trace are created when they are missing. */
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
/** 32 hex digits, never all zero: a UUID without its dashes, which is the cheapest randomness. */
const hex = (): string => randomUUID().replaceAll('-', '');
