import { bridge } from '../bridge/bridge';
import { services } from './discover';
import { participants } from './participants';

/** The services, by name in the order of the alphabet. */
export const serviceNames: readonly string[] = services.map(({ name }) => name);

/** Every database: one of each service and of the bridge, and the further ones that they declare. */
export const databaseNames: readonly string[] = participants.flatMap(({ name, databases }) => [
  name,
  ...Object.keys(databases),
]);

/** Those who publish or listen, each with a broker user of its own where there are such. */
export const brokerClients: readonly string[] = participants.map(({ name }) => name);

/** What a service is made of; each part can be a process of its own. */
export const serviceParts = ['api', 'relay', 'consumers', 'activities'] as const;
export type ServicePart = (typeof serviceParts)[number];

/** Roles that belong to no service. */
export const standaloneRoles: readonly string[] = ['all', ...serviceParts, bridge.name, 'saga'];

/** Every word that `sagaworks run` knows. */
export const roles: readonly string[] = ['all', ...serviceNames, ...serviceParts, bridge.name, 'saga'];

/** What a process has to run. */
export interface Assignment {
  runs(service: string, part: ServicePart): boolean;
  bridge: boolean;
  saga: boolean;
}

/** A service's name stands for all its parts, a part's name for that part of every service. @param given roles. */
export function assign(given: readonly string[]): Assignment {
  const has = (role: string): boolean => given.includes(role) || given.includes('all');
  return {
    runs: (service, part) => has(service) || has(part),
    bridge: has(bridge.name),
    saga: has('saga'),
  };
}
