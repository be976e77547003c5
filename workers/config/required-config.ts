import { z } from 'zod';
import { secret } from '../../lib/config/secret';
import { participants } from '../modules/participants';
import { services } from '../modules/discover';
import { brokerClients, databaseNames, serviceParts, type Assignment } from '../modules/roles';
import { bridge } from '../bridge/bridge';
import { platformSettings, variableOf, type PlatformConfig } from './config';

const url = secret(z.url());
/** `user:password` of a service at the broker of RABBITMQ_URL; without it, the user of RABBITMQ_URL. */
const login = secret(z.string().regex(/^[^:]+:.+$/, 'must be user:password'));

/** The same variable for several owners, as in `ORDERS_DATABASE_URL`. */
const forEach = (owners: readonly string[], variable: string, shape: z.ZodType): z.ZodRawShape =>
  Object.fromEntries(owners.map((owner) => [variableOf(owner, variable), shape]));

/** The variables of the platform itself, and those that it derives from the names of services and databases. */
export const platformVariables = {
  ...platformSettings,
  ...forEach(brokerClients, 'RABBITMQ_LOGIN', login.optional()),
  ...forEach(databaseNames, 'DATABASE_URL', url.optional()),
  ...forEach(databaseNames, 'DATABASE_OWNER_URL', url.optional()),
};

/**
 * The configuration of a process with these roles: the platform's variables and those of the services, as one schema, so
 * that all problems are printed together. Only what the roles use is required.
 */
export function configFor(assigned: Assignment): z.ZodType<PlatformConfig> {
  // What only other services declare may be missing; where it is set, it must be valid all the same.
  const used = new Set<string>(servicesOf(assigned).map(({ name }) => name));
  const declaredBy = (isUsed: boolean) =>
    participants
      .filter(({ name }) => used.has(name) === isUsed)
      .reduce<z.ZodRawShape>((all, { settings }) => ({ ...all, ...settings }), {});
  const unused = Object.entries(declaredBy(false)).map(([variable, shape]) => [variable, z.optional(shape)]);
  // The names of these variables are known only at run time; their shapes are those of the type.
  const shape = {
    ...(Object.fromEntries(unused) as z.ZodRawShape),
    ...declaredBy(true),
    ...platformVariables,
    ...forEach(databasesFor(assigned), 'DATABASE_URL', url),
    ...(needsTemporal(assigned) ? { TEMPORAL_ADDRESS: platformSettings.TEMPORAL_ADDRESS.unwrap() } : {}),
  };
  const variables = z.object(shape).refine(isSealable, {
    path: ['TEMPORAL_PAYLOADS'],
    message: 'strict needs TEMPORAL_PAYLOAD_KEYS',
  });
  if (!services.some(({ name }) => assigned.runs(name, 'api'))) return variables;
  return variables.refine(acceptsTokens, { ...withoutTokens, when: () => true });
}

/** Whether the tokens of any issuer are accepted; values that are not valid are problems of their own. */
const acceptsTokens = (config: Pick<Partial<PlatformConfig>, 'TOKEN_SIGNING_KEYS' | 'OIDC_PROVIDERS'>): boolean =>
  config.TOKEN_SIGNING_KEYS !== undefined || (config.OIDC_PROVIDERS ?? []).length > 0;

const withoutTokens = {
  path: ['TOKEN_SIGNING_KEYS'],
  message: 'is not set, and OIDC_PROVIDERS names no issuer: nobody could call the API',
};

/** Without keys there is nothing but plain payloads. */
const isSealable = ({ TEMPORAL_PAYLOADS, TEMPORAL_PAYLOAD_KEYS }: Partial<PlatformConfig>): boolean =>
  TEMPORAL_PAYLOADS !== 'strict' || TEMPORAL_PAYLOAD_KEYS !== undefined;

/** The bridge, the sagas, and services with events of their own, which carry out steps, need Temporal. */
export const needsTemporal = (assigned: Assignment): boolean =>
  assigned.bridge || assigned.saga || servicesOf(assigned).some(({ exchange }) => exchange);

const databasesFor = (assigned: Assignment): string[] => [
  ...servicesOf(assigned).flatMap(({ name, databases }) => [name, ...Object.keys(databases)]),
  ...(assigned.bridge ? [bridge.name] : []),
];

/** The services of which the process runs a part. */
const servicesOf = (assigned: Assignment) =>
  services.filter(({ name }) => serviceParts.some((part) => assigned.runs(name, part)));
