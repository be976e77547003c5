import { once } from 'node:events';
import {
  connect,
  createSecureServer,
  constants,
  type ClientHttp2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Certificate } from './certificates';

/** A gRPC server that admits calls with an API key only, as Temporal Cloud does, and passes them on. */
export interface GrpcProxy {
  port: number;
  /** From now on these keys are admitted, and no others. */
  admit(...keys: string[]): void;
  /** How many calls had each key. */
  calls(key: string): number;
  /** The serial numbers of the certificates of the clients that are connected. */
  connected(): string[];
  close(): Promise<void>;
}

const unauthenticated = { 'grpc-status': '16', 'grpc-message': 'Request unauthorized' };

/**
 * @param target `host:port` of a server without TLS.
 * @param clientAuthority in PEM: every client must have a certificate that it has signed.
 */
export async function startGrpcProxy(
  target: string,
  { clientAuthority, ...certificate }: Certificate & { clientAuthority?: string },
): Promise<GrpcProxy> {
  let upstream: ClientHttp2Session | undefined;
  /** Temporal ends a connection after five minutes. */
  const openUpstream = (): ClientHttp2Session => {
    if (upstream && !upstream.closed && !upstream.destroyed) return upstream;
    const opened = connect(`http://${target}`);
    opened.on('error', () => undefined).on('goaway', () => opened.close());
    upstream = opened;
    return opened;
  };
  const sessions = new Set<ServerHttp2Session>();
  const admitted = new Set<string>();
  const counts = new Map<string, number>();
  const clients = new Map<TLSSocket, string>();
  const server = createSecureServer({
    ...certificate,
    ...(clientAuthority === undefined ? {} : { ca: clientAuthority, requestCert: true, rejectUnauthorized: true }),
  });
  server.on('secureConnection', (socket: TLSSocket) => {
    clients.set(socket, socket.getPeerX509Certificate()?.serialNumber ?? '');
    socket.on('close', () => clients.delete(socket));
  });
  server.on('session', (session) => {
    sessions.add(session);
    session.on('close', () => sessions.delete(session)).on('error', () => undefined);
  });
  server.on('stream', (stream, headers) => {
    const key = /^Bearer (.*)$/.exec(headers.authorization ?? '')?.[1] ?? '';
    counts.set(key, (counts.get(key) ?? 0) + 1);
    stream.on('error', () => undefined);
    if (admitted.has(key)) forward(stream, headers);
    else
      stream.respond({ ':status': 200, 'content-type': 'application/grpc', ...unauthenticated }, { endStream: true });
  });

  function forward(stream: ServerHttp2Stream, { authorization: _, ...headers }: IncomingHttpHeaders): void {
    const call = openUpstream().request(headers);
    let trailers: IncomingHttpHeaders = {};
    call.on('error', () => stream.close());
    call.on('trailers', (received: IncomingHttpHeaders) => {
      trailers = received;
    });
    call.on('response', (answer, flags) => {
      // An answer without a body has its trailers among the headers.
      const isOver = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
      if (!stream.destroyed) stream.respond(answer, isOver ? { endStream: true } : { waitForTrailers: true });
      if (!isOver) call.pipe(stream);
    });
    stream.on('wantTrailers', () => stream.sendTrailers(trailers));
    stream.on('close', () => call.close(constants.NGHTTP2_CANCEL));
    stream.pipe(call);
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    admit: (...keys) => {
      admitted.clear();
      for (const key of keys) admitted.add(key);
    },
    calls: (key) => counts.get(key) ?? 0,
    connected: () => [...clients.values()],
    close: async () => {
      upstream?.destroy();
      for (const session of sessions) session.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
