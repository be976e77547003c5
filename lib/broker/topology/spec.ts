/** Arguments as AMQP and the management API write them; the broker never changes them. */
export type Arguments = Readonly<Record<string, string | number>>;

/** What a virtual host holds, or should hold, as plain data. */
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
/** What may be changed on a queue that is in use. */
export interface PolicySpec {
  readonly name: string;
  readonly queue: string;
  readonly definition: Arguments;
}

/** All of these in one; what several name is in it once. */
export function together(...parts: readonly Topology[]): Topology {
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
