import type { ServedService } from '../platform/start-service';
import type { Unavailable } from './ask';

/** Where an order leaves records. */
const sources = ['orders', 'payments', 'gateway', 'inventory', 'shipping', 'email'];

/** What is missing in the explanations of a process that does not serve all services. */
export const notServed = (served: readonly Pick<ServedService, 'traces'>[]): Unavailable[] => {
  const here = new Set(served.flatMap(({ traces }) => traces.map(({ source }) => source)));
  const missing = sources.filter((source) => !here.has(source));
  return missing.map((source) => ({ source, reason: 'not served by this process' }));
};
