import { once } from 'node:events';
import { connect, createServer as createPlainServer, type AddressInfo, type Socket } from 'node:net';
import { createServer, type TlsOptions } from 'node:tls';
import type { Certificate } from './certificates';

/** A server that speaks TLS in front of one that does not. */
export interface TlsProxy {
  port: number;
  /** Identifies itself by another certificate from the next connection on. */
  use(certificate: Certificate): void;
  /** The serial numbers of the certificates of its clients so far, one for each connection. */
  clients: readonly string[];
  /** The same of those that are connected now. */
  connected(): string[];
  /** Ends every connection. */
  cut(): void;
  close(): Promise<void>;
}

/**
 * @param clientAuthority in PEM: every client must have a certificate that it has signed.
 * @param beforeTls answered to what a client sends first, in the clear, before TLS begins: `S` is PostgreSQL's.
 */
export async function startTlsProxy(
  target: { host: string; port: number },
  options: Certificate & { clientAuthority?: string; protocols?: string[]; beforeTls?: string },
): Promise<TlsProxy> {
  const { clientAuthority, protocols, beforeTls, ...certificate } = options;
  const sockets = new Set<Socket>();
  const optionsWith = (own: Certificate): TlsOptions => ({
    ...own,
    ...(protocols ? { ALPNProtocols: protocols } : {}),
    ...(clientAuthority === undefined ? {} : { ca: clientAuthority, requestCert: true, rejectUnauthorized: true }),
  });
  const clients: string[] = [];
  const connected = new Map<Socket, string>();
  const server = createServer(optionsWith(certificate), (client) => {
    const serial = client.getPeerX509Certificate()?.serialNumber ?? '';
    clients.push(serial);
    connected.set(client, serial);
    const upstream = connect(target);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      // A cut causes a reset; the other side is ended just below.
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    }
    client.pipe(upstream).pipe(client);
    client.on('close', () => {
      connected.delete(client);
      upstream.destroy();
    });
    upstream.on('close', () => client.destroy());
  });
  server.on('tlsClientError', () => undefined); // The client reports it.
  const entrance =
    beforeTls === undefined
      ? server
      : createPlainServer((socket) => {
          socket.on('error', () => undefined);
          socket.once('data', () => {
            socket.write(beforeTls);
            server.emit('connection', socket);
          });
        });
  entrance.listen(0, '127.0.0.1');
  await once(entrance, 'listening');
  const cut = (): void => sockets.forEach((socket) => socket.destroy());
  return {
    port: (entrance.address() as AddressInfo).port,
    use: (other) => server.setSecureContext(optionsWith(other)),
    clients,
    connected: () => [...connected.values()],
    cut,
    close: async () => {
      cut();
      entrance.close();
      await once(entrance, 'close');
    },
  };
}
