import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { namespace } from '../../lib/config/namespace';
import { newTokenKey } from '../../lib/http/identity/token-keys';
import { variableOf } from '../config/config';
import { brokerClients, databaseNames } from '../modules/roles';

/** Where the processes find the servers: `host:port`. */
export interface Servers {
  postgres: string;
  rabbitmq: string;
  rabbitmqManagement: string;
}

/** Secrets by setting: those that processes read, and those of the owners of databases, which only `provision` needs. */
export interface NewSecrets {
  processes: Record<string, string>;
  owners: Record<string, string>;
}

const password = (): string => randomBytes(24).toString('base64url');

/** New passwords and keys for the roles and users of all services, whose names are theirs. */
export function newSecrets({ postgres, rabbitmq, rabbitmqManagement }: Servers): NewSecrets {
  const platform = `${namespace}:${password()}`;
  const databaseOf = (name: string, role: string): string => `postgres://${role}:${password()}@${postgres}/${name}`;
  return {
    processes: {
      ...Object.fromEntries(databaseNames.map((name) => [variableOf(name, 'DATABASE_URL'), databaseOf(name, name)])),
      ...Object.fromEntries(
        brokerClients.map((name) => [variableOf(name, 'RABBITMQ_LOGIN'), `${namespace}-${name}:${password()}`]),
      ),
      RABBITMQ_URL: `amqp://${platform}@${rabbitmq}`,
      RABBITMQ_MANAGEMENT_URL: `http://${platform}@${rabbitmqManagement}`,
      TOKEN_SIGNING_KEYS: JSON.stringify([newTokenKey()]),
      ORDER_DETAILS_KEYS: `1:${randomBytes(32).toString('base64')}`,
      EMAIL_CHANGE_KEYS: `1:${randomBytes(32).toString('base64')}`,
      CARRIER_WEBHOOK_SECRET: password(),
    },
    owners: Object.fromEntries(
      databaseNames.map((name) => [variableOf(name, 'DATABASE_OWNER_URL'), databaseOf(name, `${name}_owner`)]),
    ),
  };
}

/**
 * Writes each secret that is not there yet into a file of its name, readable for its owner only.
 * @returns the names of those that were written
 */
export function keepSecrets(folder: string, secrets: Readonly<Record<string, string>>): string[] {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const missing = Object.entries(secrets).filter(([name]) => !existsSync(join(folder, name)));
  for (const [name, value] of missing) writeFileSync(join(folder, name), `${value}\n`, { mode: 0o600, flag: 'wx' });
  return missing.map(([name]) => name);
}
