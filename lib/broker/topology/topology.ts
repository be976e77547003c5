import { namespace } from '../../config/namespace';
import { versionsOf, withoutVersion } from './queue-versions';
import { together, type PolicySpec, type Topology } from './spec';

/**
 * Where messages go that no queue is bound for, though somebody is declared to want them: kept for a week, so that a
 * missing binding can be put right without a replay. `watchUnrouted` raises the alarm.
 */
export const unrouted = 'unrouted';

/** Where events go that no service has to hear: a short trace for people, which never refuses anything. */
export const unheard = 'unheard';

/** Brings messages from the delays back to the queue that their routing key names. */
export const retry = 'retry';

/** Waits before the second, third and fourth attempt to handle a message. */
export const defaultRetryDelaysMs: readonly number[] = [1_000, 10_000, 60_000];

/** Publishing here under a queue's name brings the message to that queue when the delay is over. */
export const delayExchange = (delayMs: number): string => `retry-after-${delayMs}ms`;
/** Whether an exchange, or the queue of the same name, is one of the ladder, also of an earlier one. */
export const isDelay = (name: string): boolean => /^retry-after-\d+ms$/.test(name);
export const deadLetterExchange = (exchange: string): string => `${exchange}-dlx`;
/** One for all versions of a queue: a dead letter outlives the version that it died in. */
export const deadLetterQueue = (queue: string): string => `${withoutVersion(queue)}-dead`;

/** A consumer's queue: which exchange it hears, and which types. */
export interface QueueDeclaration {
  queue: string;
  /** Earlier names of it: what comes back from the delays, or died, under one of them is this queue's. */
  formerly?: readonly string[];
  exchange: string;
  bindings: readonly string[];
}

/** Deliveries without an acknowledgement, then a message is dead: it has ended one consumer after the other. */
const deliveryLimit = 20;

/** So many messages wait in a queue at most; then it pushes back on who publishes. */
const maxLength = 1_000_000;

/** A full queue refuses what comes, it never drops what it has. */
const quorum = { 'x-queue-type': 'quorum', 'x-overflow': 'reject-publish' };

/** A dead-lettered message leaves its queue only once it is safe in the next. */
const safely = { 'x-dead-letter-strategy': 'at-least-once' };

/** Of what nobody needs: the last 10,000, for a day at most. A policy can lower both, never raise them. */
const traceLimits = { 'x-max-length': 10_000, 'x-message-ttl': 86_400_000 };

/** A week for people to notice. After that an event is in its log only, and `outbox replay` publishes it again. */
const unroutedTtlMs = 7 * 86_400_000;

/** Policies of ours begin with it. */
export const policyPrefix = `${namespace}.`;

/**
 * What is new since queues of version 1 are in use is a policy: the broker would refuse an argument more. An operator's
 * own policy of a higher priority wins over it.
 */
const limitOf = (queue: string): PolicySpec => ({
  name: policyPrefix + queue,
  queue,
  definition: { 'max-length': maxLength },
});

/**
 * Operators look at dead letters and put them back, which counts as a delivery; RabbitMQ 4 gives up after 20 of them
 * unless it is told otherwise. (Its word for "never" is -1, which 3.10 refuses.)
 */
const deadLimits = (queue: string): PolicySpec => {
  const { definition, ...policy } = limitOf(queue);
  return { ...policy, definition: { ...definition, 'delivery-limit': 1_000_000_000 } };
};

/** Queues that have a new name, with it; their dead letters too. */
export const renamedQueues = (queues: readonly QueueDeclaration[]): Map<string, string> =>
  new Map(
    queues.flatMap(({ queue, formerly = [] }) =>
      formerly.flatMap((name): [string, string][] => [
        [name, queue],
        [deadLetterQueue(name), deadLetterQueue(queue)],
      ]),
    ),
  );

/** A producer's exchange, and the queue that catches what nobody is bound for. */
export const exchangeTopology = (exchange: string): Topology =>
  together(unroutedTopology, {
    exchanges: [
      { name: exchange, type: 'topic', arguments: { 'alternate-exchange': unrouted } },
      { name: deadLetterExchange(exchange), type: 'direct', arguments: {} },
    ],
    queues: [],
    bindings: [],
    policies: [],
  });

/** Drops these types of an exchange, by way of the trace: they are no fault, whether or not anybody hears them. */
export const unheardTopology = (exchange: string, types: readonly string[]): Topology => ({
  exchanges: [],
  queues: [{ name: unheard, arguments: { ...quorum, 'x-overflow': 'drop-head', ...traceLimits } }],
  bindings: types.map((routingKey) => ({ exchange, queue: unheard, routingKey })),
  policies: [],
});

/**
 * A consumer's queue with its dead letters, bound to the types that it wants. It also takes what comes back from the
 * delays, or died, under the name of an earlier version of it, or under an earlier name.
 */
export function queueTopology({ queue, formerly = [], exchange, bindings }: QueueDeclaration): Topology {
  const [dead, deadLetters] = [deadLetterQueue(queue), deadLetterExchange(exchange)];
  const args = {
    ...quorum,
    ...safely,
    'x-delivery-limit': deliveryLimit,
    'x-dead-letter-exchange': deadLetters,
    'x-dead-letter-routing-key': queue,
  };
  return together(exchangeTopology(exchange), retryTopology, {
    exchanges: [],
    queues: [
      { name: dead, arguments: quorum },
      { name: queue, arguments: args },
    ],
    bindings: [
      ...[...versionsOf(queue), ...formerly].flatMap((name) => [
        { exchange: deadLetters, queue: dead, routingKey: name },
        { exchange: retry, queue, routingKey: name },
      ]),
      ...bindings.map((routingKey) => ({ exchange, queue, routingKey })),
    ],
    policies: [deadLimits(dead), limitOf(queue)],
  });
}

/**
 * The ladder of delays, shared by all queues of the virtual host. One queue a step with one TTL for all, so that
 * nothing waits behind something longer. A message keeps its routing key, its queue's name, all the way round.
 */
export const delayTopology = (delaysMs: readonly number[]): Topology =>
  together(
    retryTopology,
    ...delaysMs.map((delayMs): Topology => {
      const name = delayExchange(delayMs);
      const args = { ...quorum, ...safely, 'x-message-ttl': delayMs, 'x-dead-letter-exchange': retry };
      return {
        exchanges: [{ name, type: 'fanout', arguments: {} }],
        queues: [{ name, arguments: args }],
        bindings: [{ exchange: name, queue: name, routingKey: '' }],
        policies: [limitOf(name)],
      };
    }),
  );

const unroutedTopology: Topology = {
  exchanges: [{ name: unrouted, type: 'fanout', arguments: {} }],
  queues: [{ name: unrouted, arguments: { ...quorum, 'x-max-length': maxLength } }],
  bindings: [{ exchange: unrouted, queue: unrouted, routingKey: '' }],
  policies: [{ name: policyPrefix + unrouted, queue: unrouted, definition: { 'message-ttl': unroutedTtlMs } }],
};

/**
 * Not the default exchange, which has no alternate: what waits for a queue that was deleted meanwhile would stay at
 * the head of the delay for ever, and everybody's messages behind it.
 */
const retryTopology: Topology = together(unroutedTopology, {
  exchanges: [{ name: retry, type: 'direct', arguments: { 'alternate-exchange': unrouted } }],
  queues: [],
  bindings: [],
  policies: [],
});
