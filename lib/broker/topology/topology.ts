import { namespace } from '../../config/namespace';
import { versionsOf, withoutVersion } from './queue-versions';
import { mergeTopologies, type PolicySpec, type Topology } from './spec';

/**
 * Receives messages that a declared consumer wants, but no queue is bound for. They are kept for a week, so that a
 * missing binding can be fixed without a replay; `watchUnrouted` raises the alarm.
 */
export const unrouted = 'unrouted';

/** Receives optional events, which need no subscriber: a short trace for people, which never refuses anything. */
export const unheard = 'unheard';

/** Routes messages from the delay queues back to the queue that their routing key names. */
export const retry = 'retry';

/** Delays before the second, third and fourth attempt to handle a message. */
export const defaultRetryDelaysMs: readonly number[] = [1_000, 10_000, 60_000];

/** A message published here with a queue's name as its routing key reaches that queue after the delay. */
export const delayExchange = (delayMs: number): string => `retry-after-${delayMs}ms`;
/** Whether an exchange, or the queue of the same name, is a delay, also of an earlier configuration. */
export const isDelay = (name: string): boolean => /^retry-after-\d+ms$/.test(name);
export const deadLetterExchange = (exchange: string): string => `${exchange}-dlx`;
/** Shared by all versions of a queue: a dead letter outlives the version that it died in. */
export const deadLetterQueue = (queue: string): string => `${withoutVersion(queue)}-dead`;

/** A consumer's queue: the exchange and the event types that it subscribes to. */
export interface QueueDeclaration {
  queue: string;
  /** Its earlier names: retries and dead letters under one of them belong to this queue. */
  formerly?: readonly string[];
  exchange: string;
  bindings: readonly string[];
}

/**
 * Deliveries without an acknowledgement before a message becomes a dead letter: it has crashed one consumer after
 * another.
 */
const deliveryLimit = 20;

/** Queue length limit; beyond it publishes are nacked. */
const maxLength = 1_000_000;

/** A full queue refuses new messages; it never drops old ones. */
const quorum = { 'x-queue-type': 'quorum', 'x-overflow': 'reject-publish' };

/** A dead-lettered message leaves its queue only once it is safe in the next. */
const safely = { 'x-dead-letter-strategy': 'at-least-once' };

/** Limits of the trace of optional events: the last 10,000, for a day. A policy can lower both, but not raise them. */
const traceLimits = { 'x-max-length': 10_000, 'x-message-ttl': 86_400_000 };

/** A week for people to notice. After that an event is only in its log, and `outbox replay` publishes it again. */
const unroutedTtlMs = 7 * 86_400_000;

/** The names of our policies begin with it. */
export const policyPrefix = `${namespace}.`;

/**
 * Limits that were added after queues of version 1 were in use are policies, because the broker would refuse new
 * arguments. An operator's own policy of a higher priority overrides them.
 */
const limitOf = (queue: string): PolicySpec => ({
  name: policyPrefix + queue,
  queue,
  definition: { 'max-length': maxLength },
});

/**
 * Operators look at dead letters and return them, which counts as a delivery; RabbitMQ 4 drops a message after 20 of
 * them by default. (Its value for "never" is -1, which 3.10 refuses.)
 */
const deadLimits = (queue: string): PolicySpec => {
  const { definition, ...policy } = limitOf(queue);
  return { ...policy, definition: { ...definition, 'delivery-limit': 1_000_000_000 } };
};

/** Renamed queues and their dead-letter queues: old name → new name. */
export const renamedQueues = (queues: readonly QueueDeclaration[]): Map<string, string> =>
  new Map(
    queues.flatMap(({ queue, formerly = [] }) =>
      formerly.flatMap((name): [string, string][] => [
        [name, queue],
        [deadLetterQueue(name), deadLetterQueue(queue)],
      ]),
    ),
  );

/** A producer's exchange, and the queue for unroutable messages. */
export const exchangeTopology = (exchange: string): Topology =>
  mergeTopologies(unroutedTopology, {
    exchanges: [
      { name: exchange, type: 'topic', arguments: { 'alternate-exchange': unrouted } },
      { name: deadLetterExchange(exchange), type: 'direct', arguments: {} },
    ],
    queues: [],
    bindings: [],
    policies: [],
  });

/** Routes these types of an exchange to the trace of optional events, so that they never count as unroutable. */
export const unheardTopology = (exchange: string, types: readonly string[]): Topology => ({
  exchanges: [],
  queues: [{ name: unheard, arguments: { ...quorum, 'x-overflow': 'drop-head', ...traceLimits } }],
  bindings: types.map((routingKey) => ({ exchange, queue: unheard, routingKey })),
  policies: [],
});

/**
 * A consumer's queue with its dead-letter queue, bound to the types of its declaration. It also receives the retries
 * and dead letters of its earlier versions and names.
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
  return mergeTopologies(exchangeTopology(exchange), retryTopology, {
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
 * The delay queues, shared by all queues of the virtual host. Each has one TTL for all messages, so that none waits
 * behind one with a longer delay. A message keeps its routing key, its queue's name, all the way round.
 */
export const delayTopology = (delaysMs: readonly number[]): Topology =>
  mergeTopologies(
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
 * Not the default exchange, which has no alternate exchange: a message for a queue that was deleted meanwhile would
 * stay at the head of the delay queue forever and block all others.
 */
const retryTopology: Topology = mergeTopologies(unroutedTopology, {
  exchanges: [{ name: retry, type: 'direct', arguments: { 'alternate-exchange': unrouted } }],
  queues: [],
  bindings: [],
  policies: [],
});
