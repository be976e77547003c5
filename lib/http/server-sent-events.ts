import { streamSSE } from 'hono/streaming';
import { createWakeSignal, sleep } from '../async/wait';
import type { AppContext } from './env';

/** One Server-Sent Event; a reader that was disconnected continues after its `id`. */
export interface ServerSentEvent {
  id: string;
  type: string;
  data: unknown;
}

export interface SseSource {
  /** Where the reader begins; sent at once, for a reader that is disconnected before the first event. */
  from?: string;
  /** Returns the next events, in order; none when the reader has them all. Called again and again. */
  next: () => Promise<ServerSentEvent[]>;
  /** Calls `onChange` whenever there may be more, until the returned function is called. */
  subscribe: (onChange: () => void) => () => void;
  /** How long after the last message a comment is sent: proxies close silent connections. */
  heartbeatMs?: number;
  /** A reader that does not accept a message for this long is disconnected; it may return with `Last-Event-ID`. */
  writeTimeoutMs?: number;
  /** In milliseconds since 1970. */
  now?: () => number;
}

/** The header in which a reader names the last event that it received. */
export const lastEventId = (c: AppContext): string | undefined => c.req.header('last-event-id');

/**
 * Responds with Server-Sent Events, until the reader disconnects or the token of the request expires or is revoked. Nothing is queued
 * for a reader: it is only noted that there is more, and the next events are read when the last ones were accepted. So
 * a slow reader costs no memory.
 */
export function answerSse(c: AppContext, source: SseSource): Response {
  const { from, next, subscribe, heartbeatMs = 15_000, writeTimeoutMs = 30_000, now = Date.now } = source;
  const leave = c.get('streams').enter(c.get('bearer')?.actor.userId ?? 'unknown');
  const isRevoked = (): boolean => c.get('isRevoked')?.() ?? false;
  const remainingMs = (): number => (isRevoked() ? 0 : (c.get('bearer')?.expiresAt ?? Infinity) - now());
  return streamSSE(c, async (stream) => {
    const wake = createWakeSignal();
    const leaveRevocations = c.get('revocations').subscribe(wake.notify);
    const unsubscribe = subscribe(wake.notify);
    stream.onAbort(wake.notify);
    /** False when the reader has disconnected or does not accept the text, or when its token is no longer valid. */
    const send = async (text: string): Promise<boolean> => {
      if (stream.aborted || remainingMs() <= 0) return false;
      const timer = new AbortController();
      const tooSlow = sleep(writeTimeoutMs, timer.signal).then(() => false);
      const isWritten = await Promise.race([stream.write(text).then(() => true), tooSlow]);
      timer.abort();
      return isWritten && !stream.aborted;
    };
    stream.onAbort(leave);
    try {
      let isConnected = await send(from === undefined ? ': connected\n\n' : `id: ${from}\n\n`);
      while (isConnected && (await sendAll(next, send))) {
        const isNotified = await wake.wait(Math.min(heartbeatMs, Math.max(remainingMs(), 0)));
        isConnected = isNotified ? !stream.aborted && remainingMs() > 0 : await send(': heartbeat\n\n');
      }
    } finally {
      leave();
      unsubscribe();
      leaveRevocations();
      stream.abort();
    }
  });
}

const toText = ({ id, type, data }: ServerSentEvent): string =>
  `event: ${type}\ndata: ${JSON.stringify(data)}\nid: ${id}\n\n`;

/** Sends all events that there are; false when the reader must not be sent more. */
async function sendAll(next: SseSource['next'], send: (text: string) => Promise<boolean>): Promise<boolean> {
  for (let events = await next(); events.length > 0; events = await next()) {
    for (const event of events) if (!(await send(toText(event)))) return false;
  }
  return true;
}
