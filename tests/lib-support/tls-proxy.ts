import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { createServer, type TlsOptions } from 'node:tls';
import type { Certificate } from './certificates';

/** A server that speaks TLS in front of one that does not. */
export interface TlsProxy {
  port: number;
  /** Identifies itself by another certificate from the next connection on. */
  use(certificate: Certificate): void;
  /** The serial numbers of the certificates of its clients so far, one for each connection. */
  clients: readonly string[];
  /** Ends every connection. */
  cut(): void;
  close(): Promise<void>;
}

/** @param clientAuthority in PEM: every client must have a certificate that it has signed. */
export async function startTlsProxy(
  target: { host: string; port: number },
  options: Certificate & { clientAuthority?: string; protocols?: string[] },
): Promise<TlsProxy> {
  const { clientAuthority, protocols, ...certificate } = options;
  const sockets = new Set<Socket>();
  const optionsWith = (own: Certificate): TlsOptions => ({
    ...own,
    ...(protocols ? { ALPNProtocols: protocols } : {}),
    ...(clientAuthority === undefined ? {} : { ca: clientAuthority, requestCert: true, rejectUnauthorized: true }),
  });
  const clients: string[] = [];
  const server = createServer(optionsWith(certificate), (client) => {
    clients.push(client.getPeerX509Certificate()?.serialNumber ?? '');
    const upstream = connect(target);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      // A cut causes a reset; the other side is ended just below.
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    }
    client.pipe(upstream).pipe(client);
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  server.on('tlsClientError', () => undefined); // The client reports it.
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = (): void => sockets.forEach((socket) => socket.destroy());
  return {
    port: (server.address() as AddressInfo).port,
    use: (other) => server.setSecureContext(optionsWith(other)),
    clients,
    cut,
    close: async () => {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
