import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { databaseNames, type DatabaseName } from '../../workers/roles';

/** What nobody else may know. */
export interface Secrets {
  /** Signs the bearer tokens. */
  jwt: string;
  /** Signs the carrier's reports. */
  carrier: string;
  /** The password of PostgreSQL's administrator. */
  postgres: string;
  /** The password of each service's role, in PostgreSQL and in RabbitMQ. */
  roles: Record<DatabaseName, string>;
}

/** The secrets of a stack's directory; made when there are none, and readable for their owner only. */
export function loadSecrets(directory: string): Secrets {
  const known = readSecrets(directory);
  const fresh = newSecrets();
  // A stack of an earlier version has all but the newest of them.
  const secrets = { ...fresh, ...known, roles: { ...fresh.roles, ...known?.roles } };
  writeFileSync(secretsFile(directory), `${JSON.stringify(secrets, undefined, 2)}\n`, { mode: 0o600 });
  return secrets;
}

function newSecrets(): Secrets {
  const secret = (): string => randomBytes(24).toString('base64url');
  const roles = Object.fromEntries(databaseNames.map((name) => [name, secret()])) as Secrets['roles'];
  return { jwt: secret() + secret(), carrier: secret(), postgres: secret(), roles };
}

/** The secrets of a stack's directory, if it has any: they are there as long as its data is. */
export function readSecrets(directory: string): Secrets | undefined {
  const file = secretsFile(directory);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Secrets) : undefined;
}

const secretsFile = (directory: string): string => join(directory, 'secrets.json');
