import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Prometheus metrics of one process; the same name always returns the same metric. */
export interface Metrics {
  readonly registry: Registry;
  counter: <L extends string>(name: string, help: string, labels: readonly L[]) => Counter<L>;
  gauge: <L extends string>(name: string, help: string, labels: readonly L[]) => Gauge<L>;
  /** `buckets` are in seconds unless the name says otherwise. */
  histogram: <L extends string>(
    name: string,
    help: string,
    labels: readonly L[],
    buckets?: readonly number[],
  ) => Histogram<L>;
}

const latencyBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Creates an empty registry; `ofProcess` adds memory, CPU, event-loop lag and garbage collection. */
export function createMetrics({ ofProcess = false } = {}): Metrics {
  const registry = new Registry();
  if (ofProcess) collectDefaultMetrics({ register: registry });
  const known = <M>(name: string, make: () => M): M => (registry.getSingleMetric(name) as M | undefined) ?? make();
  const registers = [registry];
  return {
    registry,
    counter: (name, help, labelNames) => known(name, () => new Counter({ name, help, labelNames, registers })),
    gauge: (name, help, labelNames) => known(name, () => new Gauge({ name, help, labelNames, registers })),
    histogram: (name, help, labelNames, buckets = latencyBuckets) =>
      known(name, () => new Histogram({ name, help, labelNames, buckets: [...buckets], registers })),
  };
}
