import type { Connection } from '@temporalio/client';
import type { NativeConnectionOptions } from '@temporalio/worker';
import { isError } from '../errors/is-error';
import { probeTls } from '../tls/probe';
import type { ClientTls } from '../tls/client-tls';

/** How to recognise Temporal's server, and how to log in. */
export interface TemporalAccess {
  /** Without it, connections are not encrypted. */
  tls?: TemporalTls | undefined;
  /** Of Temporal Cloud; sent over TLS only. */
  apiKey?: string | undefined;
}

export interface TemporalTls extends ClientTls {
  /** The name in the server's certificate, when it is not that of the address. */
  serverName?: string | undefined;
}

/** The options of both SDK connections, of clients and of workers. */
export function connectionOptions(
  address: string,
  { tls }: TemporalAccess,
): Pick<NativeConnectionOptions, 'address' | 'tls'> {
  return { address, ...(tls ? { tls: sdkTls(tls) } : {}) };
}

type SdkTls = Exclude<NativeConnectionOptions['tls'], boolean | null | undefined>;

function sdkTls({ options: { ca, cert, key }, serverName }: TemporalTls): SdkTls {
  return {
    ...(serverName === undefined ? {} : { serverNameOverride: serverName }),
    ...(ca === undefined ? {} : { serverRootCACertificate: Buffer.from(ca) }),
    ...(cert === undefined || key === undefined
      ? {}
      : { clientCertPair: { crt: Buffer.from(cert), key: Buffer.from(key) } }),
  };
}

/** Why a connection failed, in a sentence for operators; the SDK says little more than that it did. */
export async function reasonOf(error: unknown, address: string, { tls, apiKey }: TemporalAccess): Promise<string> {
  const said = messagesOf(error);
  if (!tls) return `Is it running? If it requires TLS, set TEMPORAL_TLS (${said})`;
  const { hostname, port } = new URL(`tcp://${address}`);
  const target = { host: hostname, port: Number(port) || 7233, serverName: tls.serverName, protocols: ['h2'] };
  const refused = await probeTls(target, tls);
  if (refused !== undefined) return refused;
  if (apiKey !== undefined && /unauthenticated|permission|unauthorized/i.test(said))
    return `it refuses TEMPORAL_API_KEY (${said})`;
  return `Is it running? (${said})`;
}

/** The SDK's own message says only that it did not connect; its cause is the answer of the server. */
const messagesOf = (error: unknown): string =>
  isError(error)
    ? [error.message, ...(error.cause === undefined ? [] : [messagesOf(error.cause)])].join(': ')
    : String(error);

/**
 * A connection that stands for whichever is in use: clients keep it, although the connection to the server is replaced
 * when its certificates are.
 */
export const forwardingTo = (current: () => Connection): Connection =>
  new Proxy(current(), {
    get: (_, property) => {
      const target = current();
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
