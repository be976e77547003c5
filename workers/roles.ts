/** The services, in the order in which they are put together. */
export const serviceNames = [
  'users',
  'inventory',
  'orders',
  'payments',
  'shipping',
  'notifications',
  'analytics',
  'recommendations',
] as const;
export type ServiceName = (typeof serviceNames)[number];

/** Who has a database: the services, the bridge its memory, the simulated payment gateway its books. */
export const databaseNames = [...serviceNames, 'bridge', 'gateway'] as const;
export type DatabaseName = (typeof databaseNames)[number];

export const isDatabase = (name: string): name is DatabaseName => (databaseNames as readonly string[]).includes(name);

/** What a service is made of; each part can be a process of its own. */
export const serviceParts = ['api', 'relay', 'consumers', 'activities'] as const;
export type ServicePart = (typeof serviceParts)[number];

/** Processes that belong to no service. */
const standalone = ['bridge', 'saga'] as const;

/** The bridge's name, as a consumer too. */
export const bridgeName = 'bridge' satisfies (typeof standalone)[number];

/** Everybody who publishes or consumes. */
export const brokerClients = [...serviceNames, bridgeName] as const;
export type BrokerClient = (typeof brokerClients)[number];

export const roles = ['all', ...serviceNames, ...serviceParts, ...standalone] as const;
export type Role = (typeof roles)[number];

/** Whether a word on the command line is a role. */
export const isRole = (word: string): word is Role => (roles as readonly string[]).includes(word);

/** What a process has to run. */
export interface Assignment {
  runs(service: ServiceName, part: ServicePart): boolean;
  bridge: boolean;
  saga: boolean;
}

/** A service's name stands for all its parts, a part's name for that part of every service. */
export function assign(given: readonly Role[]): Assignment {
  const has = (role: Role): boolean => given.includes(role) || given.includes('all');
  return {
    runs: (service, part) => has(service) || has(part),
    bridge: has('bridge'),
    saga: has('saga'),
  };
}
