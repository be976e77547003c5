import type { platformSettings } from '../../workers/config/config';

/** The processes that read a setting. */
const every = 'every process';
const api = '`api`';
const connected = 'all but services that only listen';
const consuming = '`consumers`, `bridge`';
const sagas = '`saga`';
const starting = '`bridge`, `api`';

/** Who reads each setting of the platform; those of a service are read by the processes that run a part of it. */
export const readBy: Record<keyof typeof platformSettings, string> = {
  RABBITMQ_URL: every,
  RABBITMQ_MANAGEMENT_URL: `${every}, \`provision\`, \`topology\``,
  RETRY_DELAYS_MS: `${every}, \`provision\`, \`topology\``,
  ACCEPT_UNNAMED_PUBLISHERS: consuming,
  HELD_AFTER_MS: consuming,
  LOCK_TIMEOUT_MS: every,
  QUERY_TIMEOUT_MS: every,
  TEMPORAL_ADDRESS: connected,
  TEMPORAL_NAMESPACE: connected,
  TEMPORAL_PAYLOAD_KEYS: connected,
  TEMPORAL_PAYLOADS: connected,
  WORKER_BUILD_ID: sagas,
  WORKFLOW_BUNDLE: sagas,
  RELOAD_EVERY_MS: every,
  HOST: every,
  PORT: every,
  INTERNAL_PORT: every,
  MAX_CONNECTIONS: every,
  LOG_LEVEL: every,
  LOG_FILE: every,
  CORS_ORIGINS: api,
  PEER_URLS: api,
  TRUSTED_PROXIES: api,
  RATE_LIMITS: api,
  RATE_LIMITS_DATABASE_URL: api,
  REQUEST_TIMEOUT_MS: api,
  STREAMS_PER_CALLER: api,
  TOKEN_SIGNING_KEYS: `${api}, \`token\``,
  TOKEN_ISSUER: `${api}, \`token\``,
  TOKEN_AUDIENCE: `${api}, \`token\``,
  TOKEN_CLOCK_SKEW_SECONDS: api,
  OIDC_PROVIDERS: api,
  API_KEYS_DATABASE_URL: api,
  REVIEW_THRESHOLDS: starting,
  REVIEW_FROM: starting,
  REVIEW_TIMEOUT_MS: starting,
  DELIVERY_TIMEOUT_MS: starting,
  ATTEMPTS_BEFORE_ALARM: starting,
  DIRECT_STEPS: starting,
  RECONCILE_EVERY_MS: sagas,
  BEHIND_AFTER_MS: sagas,
  POSTGRES_TLS_CA_FILE: every,
  POSTGRES_TLS_CERT_FILE: every,
  POSTGRES_TLS_KEY_FILE: every,
  RABBITMQ_TLS_CA_FILE: every,
  RABBITMQ_TLS_CERT_FILE: every,
  RABBITMQ_TLS_KEY_FILE: every,
  TEMPORAL_TLS: connected,
  TEMPORAL_TLS_CA_FILE: connected,
  TEMPORAL_TLS_CERT_FILE: connected,
  TEMPORAL_TLS_KEY_FILE: connected,
  TEMPORAL_TLS_SERVER_NAME: connected,
  TEMPORAL_API_KEY: connected,
};
