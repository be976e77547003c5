import { fixed, type Live } from '../../config/live';
import { isError } from '../../errors/is-error';
import type { ClientTls } from '../../tls/client-tls';
import { explainTls } from '../../tls/explain';

/** Where a broker is, how to log in, and how to recognise it. */
export interface BrokerAddress {
  /** For a cluster, all addresses: each attempt uses the next one. */
  url: string | readonly string[];
  /** For addresses that begin with `amqps:`. */
  tls?: ClientTls | undefined;
}

/** The URL of a broker, or several; or its address, where that may change while the process runs. */
export type BrokerUrl = string | readonly string[] | Live<BrokerAddress>;

export const brokerAddressOf = (url: BrokerUrl): Live<BrokerAddress> =>
  typeof url === 'object' && 'current' in url ? url : fixed({ url });

/** The first URL of a broker now. */
export const firstUrlOf = (url: BrokerUrl): string => [brokerAddressOf(url).current().url].flat()[0] ?? '';

/** Where nothing names files: what to set. */
const names = { ca: 'RABBITMQ_TLS_CA_FILE', cert: 'RABBITMQ_TLS_CERT_FILE', key: 'RABBITMQ_TLS_KEY_FILE' };

/** Why a connection failed: because of TLS, in a sentence that names the setting. */
export function brokerReason(error: unknown, tls: ClientTls | undefined): string {
  if (error instanceof AggregateError) return error.errors.map((one) => brokerReason(one, tls)).join(', ');
  const reason = isError(error) ? error.message : String(error);
  const explained = explainTls(error, tls ?? { options: {}, names });
  return explained === undefined ? reason : `${explained} (${reason})`;
}

/** Whether the broker refuses this login, rather than not answering. */
export const isRefusedLogin = (error: unknown): boolean => isError(error) && /ACCESS[-_]REFUSED/.test(error.message);
