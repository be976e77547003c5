import { streamSSE, type SSEStreamingApi } from 'hono/streaming';
import { setTimeout as sleep } from 'node:timers/promises';
import { createBell } from '../lifecycle/bell';
import type { AppContext } from './env';

/** One Server-Sent Event; `id` is where a reader that was cut off goes on. */
export interface LiveEvent {
  id: string;
  type: string;
  data: unknown;
}

export interface LiveSource {
  /** What comes next, in order; nothing when the reader has it all. Called again and again. */
  next: () => Promise<LiveEvent[]>;
  /** Calls `hear` whenever there may be more, until it is let go. */
  follow: (hear: () => void) => () => void;
  /** A comment is sent so long after the last sign of life: proxies end silent connections. */
  heartbeatMs?: number;
  /** A reader that does not take an event for so long is let go; it comes back with `Last-Event-ID`. */
  patienceMs?: number;
}

/** The header with which a reader says what it has seen last. */
export const lastEventId = (c: AppContext): string | undefined => c.req.header('last-event-id');

/**
 * Answers with Server-Sent Events. Nothing is queued for a reader: it is told that there is more, and what it gets is
 * read when it has taken what came before. So a slow reader costs nobody memory.
 */
export function answerLive(c: AppContext, source: LiveSource): Response {
  const { next, follow, heartbeatMs = 15_000, patienceMs = 30_000 } = source;
  return streamSSE(c, async (stream) => {
    const news = createBell();
    const unfollow = follow(news.ring);
    stream.onAbort(news.ring);
    /** False when the reader has gone, or does not take what it is sent. */
    const send = async (writing: Promise<unknown>): Promise<boolean> => {
      const slow = new AbortController();
      const tooSlow = sleep(patienceMs, false, slow).catch(() => false);
      const taken = await Promise.race([writing.then(() => true), tooSlow]);
      slow.abort();
      return taken && !stream.aborted;
    };
    try {
      await stream.write(': here\n\n');
      while (await show(stream, { next, send })) {
        const isThere = (await news.wait(heartbeatMs)) || (await send(stream.write(': still here\n\n')));
        if (!isThere) break;
      }
    } finally {
      unfollow();
      stream.abort();
    }
  });
}

/** Sends all that there is; false when the reader is gone. */
async function show(
  stream: SSEStreamingApi,
  { next, send }: { next: () => Promise<LiveEvent[]>; send: (writing: Promise<unknown>) => Promise<boolean> },
): Promise<boolean> {
  for (let events = await next(); events.length > 0; events = await next()) {
    for (const { id, type, data } of events) {
      if (!(await send(stream.writeSSE({ id, event: type, data: JSON.stringify(data) })))) return false;
    }
  }
  return !stream.aborted;
}
