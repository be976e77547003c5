import { z } from 'zod';
import { secret } from '../../lib/config/secret';
import { defaultQueryTimeoutMs } from '../../lib/db/database';
import { defaultDeadlineMs } from '../../lib/http/limits/deadline';
import { rateClasses } from '../../lib/http/limits/rate-limit';
import type { RateLimits } from '../../lib/http/limits/rate-limiters';
import { defaultStreamsPerCaller } from '../../lib/http/limits/streams';

const shape = `must be "off", or limits such as read=10000/10,write=3000/10: requests in seconds, for ${rateClasses.join(', ')}`;
const oneLimit = new RegExp(`^(${rateClasses.join('|')})=([1-9]\\d{0,8})/([1-9]\\d{0,4})$`);

/** Far above what one caller needs, and far below what one process can do. */
const defaultRates = 'read=10000/10,write=3000/10,ops=3000/10';

function toRates(text: string, context: z.RefinementCtx): RateLimits {
  if (text === 'off') return {};
  const parsed = text.split(',').map((part) => oneLimit.exec(part.trim()));
  if (parsed.includes(null)) context.addIssue({ code: 'custom', message: shape });
  return Object.fromEntries(
    parsed.flatMap((match) => {
      const [, name, quota, windowSeconds] = match ?? [];
      return name === undefined ? [] : [[name, { quota: Number(quota), windowSeconds: Number(windowSeconds) }]];
    }),
  );
}

/** What protects a process from its callers, and from systems that do not answer (docs/reference/limits.md). */
export const limitSettings = {
  /** What one caller may ask for; a class that is not named has no limit. */
  RATE_LIMITS: z.string().default(defaultRates).transform(toRates),
  /** Where processes count together; without it each counts for itself. */
  RATE_LIMITS_DATABASE_URL: secret(z.url()).optional(),
  /** How long a request may take before it is answered 503; longer than `QUERY_TIMEOUT_MS`. */
  REQUEST_TIMEOUT_MS: z.coerce.number().int().min(1_000).max(120_000).default(defaultDeadlineMs),
  /** How long a statement may take before PostgreSQL ends it, as in an outage. */
  QUERY_TIMEOUT_MS: z.coerce.number().int().min(500).max(120_000).default(defaultQueryTimeoutMs),
  /** Server-Sent-Event streams that one caller may have open in one process. */
  STREAMS_PER_CALLER: z.coerce.number().int().min(1).max(100_000).default(defaultStreamsPerCaller),
  /** Connections that one process takes; further ones are closed. */
  MAX_CONNECTIONS: z.coerce.number().int().min(1).max(100_000).default(10_000),
  /** Where `/metrics` is served, with health, instead of on the port that callers use: not to be published. */
  INTERNAL_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
};
