import { z } from 'zod';
import { secret } from '../../lib/config/secret';
import { noProxies, trustProxies, type TrustedProxies } from '../../lib/http/client-address';

const file = z.string().min(1).optional();

/** TLS of the connections to each system (docs/how-to/use-tls.md), and the proxies in front of the API. */
export const transportSettings = {
  /** The authorities that sign certificates of PostgreSQL servers, and for mutual TLS our certificate and its key. */
  POSTGRES_TLS_CA_FILE: file,
  POSTGRES_TLS_CERT_FILE: file,
  POSTGRES_TLS_KEY_FILE: file,
  /** Likewise for `amqps:` addresses, and an `https:` address of the management API. */
  RABBITMQ_TLS_CA_FILE: file,
  RABBITMQ_TLS_CERT_FILE: file,
  RABBITMQ_TLS_KEY_FILE: file,
  /** Default: true when another of Temporal's TLS settings, or an API key, is set. */
  TEMPORAL_TLS: z.stringbool().optional(),
  TEMPORAL_TLS_CA_FILE: file,
  TEMPORAL_TLS_CERT_FILE: file,
  TEMPORAL_TLS_KEY_FILE: file,
  /** The name in the certificate of the server, when it is not that of `TEMPORAL_ADDRESS`. */
  TEMPORAL_TLS_SERVER_NAME: z.string().min(1).optional(),
  /** The proxies whose `X-Forwarded-For` is believed, such as `10.0.0.0/8,192.0.2.7` (docs/how-to/run-behind-a-proxy.md). */
  TRUSTED_PROXIES: z
    .string()
    .transform(toProxies)
    .default(() => noProxies),
  /** Of Temporal Cloud. */
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
