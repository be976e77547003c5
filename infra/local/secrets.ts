import { randomBytes, type JsonWebKey } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { RolePasswords } from './databases';
import { newTokenKey } from '../../lib/http/identity/token-keys';
import { databaseNames } from '../../workers/modules/roles';
import { readKept } from './kept-file';

/** Passwords and keys of a stack. */
export interface Secrets {
  /** Private keys: the first signs the bearer tokens. */
  tokenKeys: JsonWebKey[];
  /** Signs the carrier's reports. */
  carrier: string;
  /** Seals the details of orders: a key and its id. */
  orderDetails: string;
  /** Seals changes of e-mail addresses: a key and its id. */
  emailChanges: string;
  /** The password of PostgreSQL's administrator. */
  postgres: string;
  /** The password of each service's role, in PostgreSQL and in RabbitMQ. */
  roles: Record<string, string>;
  /** The password of the role that owns each database. */
  owners: Record<string, string>;
}

/** An earlier release has kept all but the newest of them, and those of services that have been taken out since. */
const keptSecrets = z.looseObject({
  tokenKeys: z
    .array(z.looseObject({ kty: z.string() }))
    .min(1)
    .optional(),
  carrier: z.string().optional(),
  orderDetails: z.string().optional(),
  emailChanges: z.string().optional(),
  postgres: z.string(),
  roles: z.record(z.string(), z.string()),
  owners: z.record(z.string(), z.string()).optional(),
});

/** The secrets of a stack's directory; made when there are none, and readable for their owner only. */
export function loadSecrets(directory: string): Secrets {
  const known = readSecrets(directory);
  const fresh = newSecrets();
  // A stack of an earlier version has all but the newest of them.
  const secrets = {
    ...fresh,
    ...known,
    carrier: known?.carrier ?? fresh.carrier,
    orderDetails: known?.orderDetails ?? fresh.orderDetails,
    emailChanges: known?.emailChanges ?? fresh.emailChanges,
    tokenKeys: known?.tokenKeys ?? fresh.tokenKeys,
    roles: { ...fresh.roles, ...known?.roles },
    owners: { ...fresh.owners, ...known?.owners },
  };
  writeFileSync(secretsFile(directory), `${JSON.stringify(secrets, undefined, 2)}\n`, { mode: 0o600 });
  return secrets;
}

function newSecrets(): Secrets {
  const secret = (): string => randomBytes(24).toString('base64url');
  const forEach = (): Record<string, string> => Object.fromEntries(databaseNames.map((name) => [name, secret()]));
  const sealingKey = (): string => `1:${randomBytes(32).toString('base64')}`;
  const [orderDetails, emailChanges] = [sealingKey(), sealingKey()];
  const [roles, owners] = [forEach(), forEach()];
  return {
    tokenKeys: [newTokenKey()],
    carrier: secret(),
    orderDetails,
    emailChanges,
    postgres: secret(),
    roles,
    owners,
  };
}

/** The passwords of these; those of a service that was taken out are kept, and not used. */
export const passwordsOf = (names: readonly string[], { roles }: Secrets): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, roles[name] ?? '']));

/** The passwords of the roles of each database. */
export const rolePasswordsOf = (names: readonly string[], { roles, owners }: Secrets): Record<string, RolePasswords> =>
  Object.fromEntries(names.map((name) => [name, { running: roles[name] ?? '', owner: owners[name] ?? '' }]));

/** The secrets of a stack's directory, if it has any: they are there as long as its data is. */
export const readSecrets = (directory: string): z.infer<typeof keptSecrets> | undefined =>
  readKept(secretsFile(directory), keptSecrets);

const secretsFile = (directory: string): string => join(directory, 'secrets.json');
