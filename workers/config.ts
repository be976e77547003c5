import { z } from 'zod';
import { defaultPolicy, type SagaPolicy } from '../contracts/saga/order';
import { defaultRetryDelaysMs } from '../lib/broker/topology/topology';
import { defaultLockTimeoutMs } from '../lib/db/database';
import { defaultHeldAfterMs } from '../lib/inbox/outage/held-queue';
import { payloadKeys } from '../lib/temporal/payload-keys';
import { reviewFrom, reviewThresholds } from './review-thresholds';
import { brokerClients, databaseNames } from './roles';

const url = z.url();
/** `user:password`, as whom a service uses the broker of RABBITMQ_URL; without it, as RABBITMQ_URL says. */
const login = z.string().regex(/^[^:]+:.+$/, 'must be user:password');

/** Waits before the second and each further attempt to handle a message; the same for all processes of a broker. */
export const retryDelaysMs = z
  .string()
  .regex(/^[1-9]\d{1,8}(,[1-9]\d{1,8}){0,9}$/, 'must be one to ten whole numbers from 10 on, such as 1000,10000,60000')
  .transform((text) => text.split(',').map(Number))
  .default([...defaultRetryDelaysMs]);

/** As browsers send them; `*` and `null` would let every page in, so they are refused. */
const originList = z
  .string()
  .transform((text) => text.split(',').map((origin) => origin.trim()))
  .pipe(z.array(z.string().refine(isOrigin, 'must be origins such as https://shop.example, without a path or *')))
  .default([]);

function isOrigin(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) && url.origin === text;
}

const yearMs = 365 * 86_400_000;
const duration = (usual: number) => z.coerce.number().int().min(100).max(yearMs).default(usual);

/** The same variable for each of several owners, as in `ORDERS_DATABASE_URL`. */
const forEach = <Owner extends string, Variable extends string, Shape>(
  owners: readonly Owner[],
  variable: Variable,
  shape: Shape,
) =>
  Object.fromEntries(owners.map((owner) => [variableOf(owner, variable), shape])) as Record<
    `${Uppercase<Owner>}_${Variable}`,
    Shape
  >;

/** The name of an owner's variable. */
export const variableOf = <Owner extends string, Variable extends string>(owner: Owner, variable: Variable) =>
  `${owner.toUpperCase() as Uppercase<Owner>}_${variable}` as const;

/** What the processes need from their environment; parsed once, before anything starts. */
export const platformConfig = z.object({
  ...forEach(databaseNames, 'DATABASE_URL', url.optional()),
  RABBITMQ_URL: url,
  RABBITMQ_MANAGEMENT_URL: url.optional(),
  ...forEach(brokerClients, 'RABBITMQ_LOGIN', login.optional()),
  RETRY_DELAYS_MS: retryDelaysMs,
  /** `true` while processes run of a release that did not name its broker user in messages (docs/deploying.md). */
  ACCEPT_UNNAMED_PUBLISHERS: z.stringbool().default(false),
  /** How long a queue waits for a system that is away before that is shown: in `/ops/consumers`, a metric and the log. */
  HELD_AFTER_MS: duration(defaultHeldAfterMs),
  /** How long a statement waits for a lock before it fails as in an outage; less than a handler or an attempt may take. */
  LOCK_TIMEOUT_MS: z.coerce.number().int().min(100).max(defaultLockTimeoutMs).default(defaultLockTimeoutMs),
  /** A process that runs only services that listen does without. */
  TEMPORAL_ADDRESS: z.string().min(1).optional(),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  /** Encrypts what Temporal keeps of workflows (docs/privacy.md); without it, it is plain. */
  TEMPORAL_PAYLOAD_KEYS: payloadKeys.optional(),
  /** The version that the saga worker is of its deployment (docs/deploying.md); without it, it is of none. */
  WORKER_BUILD_ID: z
    .string()
    .regex(/^[\w.-]{1,100}$/, 'letters, digits, dots, dashes and underscores')
    .optional(),
  JWT_SECRET: z.string().min(32, 'at least 32 characters'),
  /** Shared with the carrier, which signs its reports with it; without it they are answered with 503. */
  CARRIER_WEBHOOK_SECRET: z.string().min(16, 'at least 16 characters').optional(),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  /** The origins whose pages may call the API from a browser, such as `https://shop.example,http://localhost:5173`. */
  CORS_ORIGINS: originList,
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  LOG_FILE: z.string().optional(),
  /** Orders of so much or more wait for a person's review: `EUR=100000,JPY=160000`, in minor units. */
  REVIEW_THRESHOLDS: reviewThresholds.optional(),
  /** Deprecated: one amount of minor units for every currency without a threshold of its own. */
  REVIEW_FROM: z.coerce.number().int().min(0).optional(),
  REVIEW_TIMEOUT_MS: duration(defaultPolicy.reviewTimeoutMs),
  DELIVERY_TIMEOUT_MS: duration(defaultPolicy.deliveryTimeoutMs),
  /** A saga's call that must succeed asks for an operator after so many failures. */
  ATTEMPTS_BEFORE_ALARM: z.coerce.number().int().min(1).max(1_000).default(defaultPolicy.attemptsBeforeAlarm),
  /** How often the books of the services are compared; 0: never. */
  RECONCILE_EVERY_MS: z.coerce.number().int().min(0).max(yearMs).default(300_000),
  /** A stream of which something older than this is not applied, and in no queue, stands still. */
  BEHIND_AFTER_MS: duration(300_000),
  GATEWAY_LATENCY_MS: z.coerce.number().int().min(0).default(0),
});

export type PlatformConfig = z.infer<typeof platformConfig>;

/** What a new saga is told. @param currency of its order, where it may be reviewed. */
export const policyOf = (config: PlatformConfig, currency: string | undefined): SagaPolicy => ({
  reviewFrom: reviewFrom(currency, config.REVIEW_THRESHOLDS, config.REVIEW_FROM),
  reviewTimeoutMs: config.REVIEW_TIMEOUT_MS,
  deliveryTimeoutMs: config.DELIVERY_TIMEOUT_MS,
  attemptsBeforeAlarm: config.ATTEMPTS_BEFORE_ALARM,
});
