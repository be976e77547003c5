import { once } from 'node:events';
import { isIP } from 'node:net';
import { connect } from 'node:tls';
import { sleep } from '../async/wait';
import type { ClientTls } from './client-tls';
import { explainTls } from './explain';

export interface ProbeTarget {
  host: string;
  port: number;
  /** The name that the certificate must have, when it is not the host's. */
  serverName?: string | undefined;
  protocols: string[];
}

/** A server refuses the certificate of a client only after the client has accepted that of the server. */
const settledMs = 1_000;

/**
 * Makes a TLS connection, only to learn why one is refused: for clients that do not report it. Returns a sentence that
 * names the setting; undefined when TLS is not the reason.
 */
export async function probeTls(target: ProbeTarget, tls: ClientTls): Promise<string | undefined> {
  const { host, port, serverName, protocols: ALPNProtocols } = target;
  const name = serverName ?? host;
  // An address may not be asked for by name (RFC 6066); the certificate is then compared with `host`.
  const asked = isIP(name) === 0 ? { servername: name } : {};
  const socket = connect({ ...tls.options, ...asked, host, port, ALPNProtocols, timeout: 5_000 });
  const settled = async (): Promise<void> => {
    await once(socket, 'secureConnect');
    await sleep(settledMs, undefined, { ref: false });
  };
  const over = Promise.race([settled(), once(socket, 'data'), once(socket, 'timeout')]);
  try {
    await over; // `once` rejects with an error of the socket.
    return undefined;
  } catch (error) {
    const reason = explainTls(error, tls);
    return reason === undefined ? undefined : `${reason} (${(error as Error).message})`;
  } finally {
    socket.on('error', () => undefined).destroy();
  }
}
