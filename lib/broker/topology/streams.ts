import type { Topology } from './spec';

/**
 * A stream queue, which keeps its messages for every reader, bound to these types of an exchange. Its oldest messages are
 * deleted once it has more than `maxBytes`; the broker looks when it begins a new segment.
 */
export const streamTopology = (stream: {
  queue: string;
  exchange: string;
  bindings: readonly string[];
  maxBytes: number;
}): Topology => ({
  exchanges: [],
  queues: [
    {
      name: stream.queue,
      arguments: {
        'x-queue-type': 'stream',
        'x-max-length-bytes': stream.maxBytes,
        'x-stream-max-segment-size-bytes': stream.maxBytes / 20,
      },
    },
  ],
  bindings: stream.bindings.map((routingKey) => ({ exchange: stream.exchange, queue: stream.queue, routingKey })),
  policies: [],
});
