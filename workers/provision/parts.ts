import { searchAttributes } from '../../contracts/saga/order';
import type { DatabaseAddress } from '../../lib/db/address';
import type { ClientTls } from '../../lib/tls/client-tls';
import type { WantedNamespace } from '../../lib/temporal/namespace';
import { retryDelaysMs, variableOf } from '../config/config';
import { brokerClients } from '../modules/roles';
import { brokerPermissions } from '../topology/permissions';
import { wantedUsers, type WantedBroker } from './broker';
import type { WantedDatabase } from './database-script';
import { wantedDatabase } from './databases';
import { ownedDatabases, type OwnedDatabase } from './migrations';

/** What `provision` makes, part by part. */
export const provisionParts = ['databases', 'broker', 'temporal'] as const;
export type ProvisionPart = (typeof provisionParts)[number];

/** The parts that an environment names, with all they need; an absent one lacks the settings that `missing` says. */
export interface Provisioning {
  databases?: { admin: DatabaseAddress; wanted: WantedDatabase[]; owned: OwnedDatabase[] };
  broker?: WantedBroker;
  temporal?: WantedNamespace;
}

/** What a part needs in the environment. */
export const settingsOf: Record<ProvisionPart, string> = {
  databases: 'DATABASE_URL of an administrator, ORDERS_DATABASE_URL, ORDERS_DATABASE_OWNER_URL and their like',
  broker: 'RABBITMQ_URL, and RABBITMQ_MANAGEMENT_URL with the login of an administrator',
  temporal: 'TEMPORAL_ADDRESS',
};

export interface ProvisionEnvironment {
  env: NodeJS.ProcessEnv;
  /** The value of a secret setting, from the environment or its file. */
  secretOf: (name: string) => string | undefined;
  tlsOf: (system: 'POSTGRES' | 'RABBITMQ') => ClientTls | undefined;
  retentionDays: number;
}

/** Derives from the modules what the platform needs of each system that the environment names. */
export function provisioningOf(given: ProvisionEnvironment): Provisioning {
  const [databases, broker, temporal] = [databasesOf(given), brokerOf(given), temporalOf(given)];
  return { ...(databases && { databases }), ...(broker && { broker }), ...(temporal && { temporal }) };
}

function databasesOf({ secretOf, tlsOf }: ProvisionEnvironment): Provisioning['databases'] {
  const url = secretOf('DATABASE_URL');
  const owned = ownedDatabases(secretOf);
  if (!url || owned.length === 0) return undefined;
  return { admin: { url, tls: tlsOf('POSTGRES') }, wanted: owned.map(wantedDatabase), owned };
}

function brokerOf({ env, secretOf, tlsOf }: ProvisionEnvironment): WantedBroker | undefined {
  const [amqpUrl, adminUrl] = [secretOf('RABBITMQ_URL'), secretOf('RABBITMQ_MANAGEMENT_URL')];
  if (!amqpUrl || !adminUrl) return undefined;
  const logins = brokerClients.flatMap((name) => {
    const login = secretOf(variableOf(name, 'RABBITMQ_LOGIN'));
    return login ? [[name, login] as const] : [];
  });
  const permissions = brokerPermissions(retryDelaysMs.parse(env['RETRY_DELAYS_MS']));
  const users = wantedUsers({ amqpUrl, adminUrl }, Object.fromEntries(logins), permissions);
  return { amqpUrl, adminUrl, tls: tlsOf('RABBITMQ'), users };
}

function temporalOf({ env, retentionDays }: ProvisionEnvironment): WantedNamespace | undefined {
  if (!env['TEMPORAL_ADDRESS']) return undefined;
  const keywords = Object.values(searchAttributes).map(({ name }) => name);
  return { namespace: env['TEMPORAL_NAMESPACE'] || 'default', retentionDays, keywords };
}
