import type { Need } from '../../lib/lifecycle/readiness';
import { serviceNames, type Assignment, type ServicePart } from '../modules/roles';

/** What a process needs to be ready; docs/reference/health.md says why. */
export interface Needs {
  database(name: string): Need;
  broker: Need;
  temporal: Need;
}

/**
 * A process with an API is ready while it can read a database of a service that it serves: an outage that affects all
 * replicas must not make them all unready. Any other process needs everything that its parts use.
 */
export function needsOf(assigned: Assignment): Needs {
  const runs = (part: ServicePart): boolean => serviceNames.some((name) => assigned.runs(name, part));
  if (runs('api')) {
    const isServed = (name: string): boolean => serviceNames.includes(name) && assigned.runs(name, 'api');
    return { database: (name) => (isServed(name) ? 'either' : 'optional'), broker: 'optional', temporal: 'optional' };
  }
  return {
    database: () => 'required',
    broker: assigned.bridge || runs('relay') || runs('consumers') ? 'required' : 'optional',
    temporal: assigned.bridge || assigned.saga || runs('activities') ? 'required' : 'optional',
  };
}
