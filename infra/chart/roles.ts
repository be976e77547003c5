import { activities } from '../../activities';
import { secretNames } from '../../lib/config/secret';
import { namespace } from '../../lib/config/namespace';
import type { ServiceModule } from '../../lib/service/define-service';
import { taskQueues } from '../../contracts/saga/order';
import { bridge } from '../../workers/bridge/bridge';
import { variableOf } from '../../workers/config/config';
import { needsTemporal, platformVariables } from '../../workers/config/required-config';
import { services } from '../../workers/modules/discover';
import { participants } from '../../workers/modules/participants';
import { assign, brokerClients, databaseNames, serviceNames, serviceParts } from '../../workers/modules/roles';
import { queuesOf } from '../../workers/topology/topology';

/** A system outside of the platform's processes. */
export type System = 'postgres' | 'rabbitmq' | 'temporal' | 'smtp';

/** What the chart knows of a role: what its pods read, and what they connect to. */
export interface ChartRole {
  name: string;
  /** Whether callers may send it requests. */
  serves: boolean;
  /** The secrets that it may read, needed or not; the process says at start what is missing. */
  secrets: string[];
  connectsTo: System[];
  /** The queues that it consumes, and the task queues of its Temporal workers, for autoscaling. */
  queues: string[];
  taskQueues: string[];
}

/** What a process reads besides the secrets of its services. */
const ofEveryProcess = ['RABBITMQ_URL', 'RABBITMQ_MANAGEMENT_URL'];
const ofTemporal = ['TEMPORAL_API_KEY', 'TEMPORAL_PAYLOAD_KEYS'];
const ofAnApi = ['TOKEN_SIGNING_KEYS', 'RATE_LIMITS_DATABASE_URL', 'API_KEYS_DATABASE_URL'];

/** Every role with a deployment of its own: the API of all services, each service, the bridge, the sagas. */
export const deployedRoles = (): ChartRole[] => ['api', ...serviceNames, bridge.name, 'saga'].map(roleOf);

/** What a process with this role reads and connects to; `all` stands for one process with everything. */
export function roleOf(name: string): ChartRole {
  const assigned = assign([name]);
  const partsOf = (service: string) => serviceParts.filter((part) => assigned.runs(service, part));
  const run = services.filter((service) => partsOf(service.name).length > 0);
  const clients = brokerClients.filter((client) =>
    client === bridge.name ? assigned.bridge : partsOf(client).some((part) => part !== 'api'),
  );
  const serves = run.some((service) => partsOf(service.name).includes('api'));
  // The API for operators and the reconciliation read the databases of all.
  const readsAll = assigned.saga || name === 'api';
  const databases = readsAll ? databaseNames : run.flatMap(databasesOf).concat(assigned.bridge ? [bridge.name] : []);
  const declared = run.flatMap(({ settings }) => secretNames(settings));
  const connectsToTemporal = needsTemporal(assigned);
  return {
    name,
    serves,
    secrets: unique([
      ...databases.map((database) => variableOf(database, 'DATABASE_URL')),
      ...ofEveryProcess,
      ...clients.map((client) => variableOf(client, 'RABBITMQ_LOGIN')),
      ...(connectsToTemporal ? ofTemporal : []),
      ...(serves ? ofAnApi : []),
      ...declared,
    ]),
    connectsTo: [
      'postgres',
      'rabbitmq',
      ...(connectsToTemporal ? (['temporal'] as const) : []),
      ...(declared.includes('SMTP_URL') && name !== 'api' ? (['smtp'] as const) : []),
    ],
    queues: clients.flatMap((client) => queuesOf(client).map(({ queue }) => queue)),
    taskQueues: [
      ...activities.filter(({ service }) => clients.includes(service)).map(({ taskQueue }) => taskQueue),
      ...(assigned.saga ? [taskQueues.saga] : []),
    ],
  };
}

const databasesOf = ({ name, databases }: ServiceModule): string[] => [name, ...Object.keys(databases)];

const unique = (names: readonly string[]): string[] => [...new Set(names)];

/** What the jobs and the generated Secret need to know of the whole platform. */
export const platformFacts = () => ({
  namespace,
  databases: databaseNames,
  brokerClients,
  roles: deployedRoles(),
  all: roleOf('all'),
});

/** The variables that the chart sets itself. */
const setByChart = /^(HOST|PORT|INTERNAL_PORT|LOG_FILE|WORKFLOW_BUNDLE)$|_TLS_(CA|CERT|KEY)_FILE$/;

/** The variables that are no secrets, of the platform and all services: the values of `settings`. */
export function settingNames(): string[] {
  const shapes = [platformVariables, ...participants.map(({ settings }) => settings)];
  const secret = new Set(shapes.flatMap((shape) => secretNames(shape)));
  const names = shapes.flatMap((shape) => Object.keys(shape));
  return unique(names.filter((name) => !secret.has(name) && !setByChart.test(name))).sort();
}
