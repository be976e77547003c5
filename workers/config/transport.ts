import { z } from 'zod';
import { secret } from '../../lib/config/secret';
import { noProxies, trustProxies, type TrustedProxies } from '../../lib/http/client-address';

const file = z.string().min(1).optional();

/** TLS of the connections to each system (docs/how-to/use-tls.md), and the proxies in front of the API. */
export const transportSettings = {
  /** The authorities that sign certificates of PostgreSQL servers (docs/how-to/use-tls.md). */
  POSTGRES_TLS_CA_FILE: file,
  /** For mutual TLS with PostgreSQL: our certificate. */
  POSTGRES_TLS_CERT_FILE: file,
  /** For mutual TLS with PostgreSQL: the key of our certificate. */
  POSTGRES_TLS_KEY_FILE: file,
  /** The authorities for `amqps:` addresses, and an `https:` address of the management API. */
  RABBITMQ_TLS_CA_FILE: file,
  /** For mutual TLS with RabbitMQ: our certificate. */
  RABBITMQ_TLS_CERT_FILE: file,
  /** For mutual TLS with RabbitMQ: the key of our certificate. */
  RABBITMQ_TLS_KEY_FILE: file,
  /** Whether connections to Temporal are encrypted; default: true when another of its TLS settings, or an API key, is set. */
  TEMPORAL_TLS: z.stringbool().optional(),
  /** The authorities that sign the certificate of Temporal; default: those that Node trusts. */
  TEMPORAL_TLS_CA_FILE: file,
  /** For mutual TLS with Temporal: our certificate. */
  TEMPORAL_TLS_CERT_FILE: file,
  /** For mutual TLS with Temporal: the key of our certificate. */
  TEMPORAL_TLS_KEY_FILE: file,
  /** The name in the certificate of the server, when it is not that of `TEMPORAL_ADDRESS`. */
  TEMPORAL_TLS_SERVER_NAME: z.string().min(1).optional(),
  /** The proxies whose `X-Forwarded-For` is believed, such as `10.0.0.0/8,192.0.2.7` (docs/how-to/run-behind-a-proxy.md). */
  TRUSTED_PROXIES: z
    .string()
    .transform(toProxies)
    .default(() => noProxies),
  /** The API key of Temporal Cloud. */
  TEMPORAL_API_KEY: secret(z.string().min(1)).optional(),
};

function toProxies(text: string, context: z.RefinementCtx): TrustedProxies {
  try {
    return trustProxies(text.split(',').map((network) => network.trim()));
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message });
    return noProxies;
  }
}
