/** Arguments as AMQP and the management API write them; they are fixed once declared. */
export type Arguments = Readonly<Record<string, string | number>>;

/** The actual or desired topology of a virtual host, as plain data. */
export interface Topology {
  readonly exchanges: readonly ExchangeSpec[];
  readonly queues: readonly QueueSpec[];
  readonly bindings: readonly BindingSpec[];
  readonly policies: readonly PolicySpec[];
}
export interface ExchangeSpec {
  readonly name: string;
  readonly type: 'topic' | 'direct' | 'fanout';
  readonly arguments: Arguments;
}
export interface QueueSpec {
  readonly name: string;
  readonly arguments: Arguments;
}
export interface BindingSpec {
  readonly exchange: string;
  readonly queue: string;
  readonly routingKey: string;
}
/** Settings that may be changed on a queue in use. */
export interface PolicySpec {
  readonly name: string;
  readonly queue: string;
  readonly definition: Arguments;
}

/** All of these in one, without duplicates. */
export function mergeTopologies(...parts: readonly Topology[]): Topology {
  const once = <T>(of: (part: Topology) => readonly T[]): T[] => [
    ...new Map(parts.flatMap(of).map((one) => [JSON.stringify(one), one])).values(),
  ];
  return {
    exchanges: once(({ exchanges }) => exchanges),
    queues: once(({ queues }) => queues),
    bindings: once(({ bindings }) => bindings),
    policies: once(({ policies }) => policies),
  };
}
