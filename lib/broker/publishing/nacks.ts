/** How long nacks go on until the channel is replaced: at first, and at most; it doubles with each replacement. */
export type ReplaceAfterMs = readonly [first: number, max: number];

/** An exchange and a routing key: together they decide which queues receive a message. */
export interface Route {
  exchange: string;
  routingKey: string;
}

/** A series of nacks that is long enough to replace the channel. */
export interface NackStreak {
  nacks: number;
  durationMs: number;
  /** How many channels were replaced before in this incident; from 1 on, a queue is at fault. */
  replacedBefore: number;
}

/** Decides from acks and nacks whether a channel should be replaced; all times in ms on one clock. */
export interface NackJudge {
  acked(route: Route): void;
  /** Returns the run of nacks once the channel should be replaced, and then starts over as for a new channel. */
  nacked(route: Route, now: number): NackStreak | undefined;
  /** A new channel is in use: nacks of the old one do not count. */
  opened(): void;
}

/**
 * A nack says that a queue did not take the message, not why. A full queue nacks on every channel; on RabbitMQ 3.10, a
 * channel opened while a queue lost its leader may nack forever, although the queue has recovered. Only a fresh channel
 * distinguishes the two, so a channel is replaced when nacks go on without an ack on the same route. While a queue
 * really is full, replacements become less and less frequent.
 */
export function createNackJudge([first, max]: ReplaceAfterMs): NackJudge {
  /** Nacks since the last ack, by route. Acks on other routes, to other queues, prove nothing. */
  const runs = new Map<string, number>();
  let since = 0;
  let waitMs = first;
  let replacements = 0;
  let lastReplaced = Number.NEGATIVE_INFINITY;

  return {
    acked(route) {
      if (runs.size > 0) runs.delete(keyOf(route));
    },
    nacked(route, now) {
      if (runs.size === 0) since = now;
      runs.set(keyOf(route), (runs.get(keyOf(route)) ?? 0) + 1);
      if (now - lastReplaced > 2 * max) [waitMs, replacements] = [first, 0];
      if (now - since < waitMs) return undefined;
      const nacks = [...runs.values()].reduce((total, count) => total + count, 0);
      const run = { nacks, durationMs: now - since, replacedBefore: replacements };
      runs.clear();
      waitMs = Math.min(waitMs * 2, max);
      replacements += 1;
      lastReplaced = now;
      return run;
    },
    opened: () => runs.clear(),
  };
}

const keyOf = ({ exchange, routingKey }: Route): string => `${exchange} ${routingKey}`;
