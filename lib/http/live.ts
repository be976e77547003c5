import { streamSSE } from 'hono/streaming';
import { setTimeout as sleep } from 'node:timers/promises';
import { createWakeSignal } from '../async/wake-signal';
import type { AppContext } from './env';

/** One Server-Sent Event; `id` is where a reader that was cut off goes on. */
export interface LiveEvent {
  id: string;
  type: string;
  data: unknown;
}

export interface LiveSource {
  /** Where the reader begins, told at once: one that is cut off before the first event goes on from here. */
  from?: string;
  /** What comes next, in order; nothing when the reader has it all. Called again and again. */
  next: () => Promise<LiveEvent[]>;
  /** Calls `hear` whenever there may be more, until it is let go. */
  follow: (hear: () => void) => () => void;
  /** A comment is sent so long after the last sign of life: proxies end silent connections. */
  heartbeatMs?: number;
  /** A reader that does not take an event for so long is let go; it comes back with `Last-Event-ID`. */
  patienceMs?: number;
  /** In milliseconds since 1970. */
  now?: () => number;
}

/** The header with which a reader says what it has seen last. */
export const lastEventId = (c: AppContext): string | undefined => c.req.header('last-event-id');

/**
 * Answers with Server-Sent Events, until the reader leaves or the token of the request ends. Nothing is queued for a
 * reader: it is told that there is more, and what it gets is read when it has taken what came before. So a slow reader
 * costs nobody memory.
 */
export function answerLive(c: AppContext, source: LiveSource): Response {
  const { from, next, follow, heartbeatMs = 15_000, patienceMs = 30_000, now = Date.now } = source;
  const leave = c.get('streams').enter(c.get('actor')?.userId ?? 'unknown');
  const left = (): number => (c.get('expiresAt') ?? Infinity) - now();
  return streamSSE(c, async (stream) => {
    const news = createWakeSignal();
    const unfollow = follow(news.notify);
    stream.onAbort(news.notify);
    /** False when the reader has gone, does not take what it is sent, or may have no more. */
    const send = async (text: string): Promise<boolean> => {
      if (stream.aborted || left() <= 0) return false;
      const slow = new AbortController();
      const tooSlow = sleep(patienceMs, false, slow).catch(() => false);
      const taken = await Promise.race([stream.write(text).then(() => true), tooSlow]);
      slow.abort();
      return taken && !stream.aborted;
    };
    stream.onAbort(leave);
    try {
      let isThere = await send(from === undefined ? ': here\n\n' : `id: ${from}\n\n`);
      while (isThere && (await show(next, send))) {
        const heard = await news.wait(Math.min(heartbeatMs, Math.max(left(), 0)));
        isThere = heard ? !stream.aborted : await send(': still here\n\n');
      }
    } finally {
      leave();
      unfollow();
      stream.abort();
    }
  });
}

const toText = ({ id, type, data }: LiveEvent): string =>
  `event: ${type}\ndata: ${JSON.stringify(data)}\nid: ${id}\n\n`;

/** Sends all that there is; false when the reader is to have no more. */
async function show(next: LiveSource['next'], send: (text: string) => Promise<boolean>): Promise<boolean> {
  for (let events = await next(); events.length > 0; events = await next()) {
    for (const event of events) if (!(await send(toText(event)))) return false;
  }
  return true;
}
