import { z } from 'zod';
import { defaultRetryDelaysMs } from '../../lib/broker/topology/topology';
import { secret } from '../../lib/config/secret';
import { defaultLockTimeoutMs } from '../../lib/db/database';
import { defaultHeldAfterMs } from '../../lib/inbox/outage/held-queue';
import { payloadModes } from '../../lib/temporal/codec';
import { encryptionKeys } from '../../lib/encryption/keys';
import { sagaSettings } from '../bridge/policy';
import { reconciliationSettings } from '../reconciliation/settings';
import { duration } from './duration';
import { identitySettings } from './identity';
import { limitSettings } from './limits';
import { transportSettings } from './transport';

/** The delays before the second and each further attempt to handle a message; the same for all processes of a broker. */
export const retryDelaysMs = z
  .string()
  .regex(/^[1-9]\d{1,8}(,[1-9]\d{1,8}){0,9}$/, 'must be one to ten whole numbers from 10 on, such as 1000,10000,60000')
  .transform((text) => text.split(',').map(Number))
  .default([...defaultRetryDelaysMs]);

/** Origins as browsers send them; `*` and `null` would admit every page, so they are refused. */
const originList = z
  .string()
  .transform((text) => text.split(',').map((origin) => origin.trim()))
  .pipe(z.array(z.string().refine(isOrigin, 'must be origins such as https://shop.example, without a path or *')))
  .default([]);

function isOrigin(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) && url.origin === text;
}

/** The variables of the platform; services declare their own. */
export const platformSettings = {
  ...sagaSettings,
  ...reconciliationSettings,
  ...limitSettings,
  ...identitySettings,
  ...transportSettings,
  /** The broker and its virtual host, as the user that declares the topology; the same user in all processes. */
  RABBITMQ_URL: secret(z.url()),
  /** Its management API, with user and password; without it, processes set no limits of queues. */
  RABBITMQ_MANAGEMENT_URL: secret(z.url()).optional(),
  /** The delays before each further attempt to handle a message, in milliseconds; the same for all processes. */
  RETRY_DELAYS_MS: retryDelaysMs,
  /** `true` while processes of a release run that did not name its broker user in messages (docs/how-to/deploy.md). */
  ACCEPT_UNNAMED_PUBLISHERS: z.stringbool().default(false),
  /** How long a queue is held in an outage before that is reported: in `/ops/consumers`, a metric and the log. */
  HELD_AFTER_MS: duration(defaultHeldAfterMs),
  /** How long a statement waits for a lock before it fails like an outage; less than a handler or an attempt may take. */
  LOCK_TIMEOUT_MS: z.coerce.number().int().min(100).max(defaultLockTimeoutMs).default(defaultLockTimeoutMs),
  /** `host:port`. Not needed by a process that only runs services without events of their own. */
  TEMPORAL_ADDRESS: z.string().min(1).optional(),
  /** The namespace of all sagas. */
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  /** Encrypts the payloads that Temporal stores (docs/how-to/protect-personal-data.md); without it, they are plain. */
  TEMPORAL_PAYLOAD_KEYS: secret(encryptionKeys).optional(),
  /** With keys: `strict` refuses payloads that are not encrypted, once none from before the keys is left. */
  TEMPORAL_PAYLOADS: z.enum(payloadModes).default('accept-plain'),
  /** The version of the saga worker in its deployment (docs/how-to/deploy.md); without it, it is unversioned. */
  WORKER_BUILD_ID: z
    .string()
    .regex(/^[\w.-]{1,100}$/, 'letters, digits, dots, dashes and underscores')
    .optional(),
  /** How often files of secrets and of TLS are read again (docs/how-to/rotate-secrets.md); 0: only when a login is refused. */
  RELOAD_EVERY_MS: z.coerce.number().int().min(0).max(3_600_000).default(5_000),
  /** A file with the bundle of exactly these workflows, made before, as the image has it; without it, they are bundled at start. */
  WORKFLOW_BUNDLE: z.string().min(1).optional(),
  /** The address on which HTTP is served; the image has `0.0.0.0`. */
  HOST: z.string().default('127.0.0.1'),
  /** The port on which routes, health and metrics are served; 0: any free one. */
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  /** The origins whose pages may call the API from a browser, such as `https://shop.example,http://localhost:5173`. */
  CORS_ORIGINS: originList,
  /** Where other processes of the platform serve health, comma-separated: then `consumers list` knows which queues they hold. */
  PEER_URLS: originList,
  /** What is logged at least, as one JSON object a line. */
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  /** Where the log goes; default: standard output. */
  LOG_FILE: z.string().optional(),
};

/** The variables of each database and each broker user: `ORDERS_DATABASE_URL`. */
type OwnVariable = `${Uppercase<string>}_${'DATABASE_URL' | 'DATABASE_OWNER_URL' | 'RABBITMQ_LOGIN'}`;

/** The environment, parsed once before anything starts. Services read the variables that they declare themselves. */
export type PlatformConfig = z.infer<z.ZodObject<typeof platformSettings>> & {
  readonly [variable in OwnVariable]?: string;
};

/** The name of an owner's variable. */
export const variableOf = <Variable extends string>(owner: string, variable: Variable) =>
  `${owner.toUpperCase() as Uppercase<string>}_${variable}` as const;

/** The URL of a database; undefined when it is not configured. @param name of the database. */
export const databaseUrlOf = (config: PlatformConfig, name: string): string | undefined =>
  config[variableOf(name, 'DATABASE_URL')];
