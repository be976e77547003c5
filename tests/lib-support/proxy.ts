import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A TCP proxy to a server that a test can cut: to the platform it looks as if the server were down. */
export interface Proxy {
  port: number;
  /** Directs new connections to another server, as after a failover behind one name; open ones stay. */
  pointTo(target: Target): void;
  /** Ends every connection, and refuses new ones until `restore`. */
  cut(): void;
  restore(): void;
  /** From now on the open connections carry no more data, as over a dead line. */
  stall(): void;
  close(): Promise<void>;
}

interface Target {
  host: string;
  port: number;
}

/** Forwards a free loopback port to `host:port`. */
export async function startProxy(first: Target): Promise<Proxy> {
  let target = first;
  const sockets = new Set<Socket>();
  let isCut = false;

  const track = (socket: Socket): Socket => {
    sockets.add(socket);
    // A cut causes a reset; the other side is ended just below.
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    return socket;
  };
  const server = createServer((client) => {
    if (isCut) {
      client.destroy();
      return;
    }
    const upstream = track(connect(target));
    track(client);
    client.pipe(upstream).pipe(client);
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const endAll = (): void => sockets.forEach((socket) => socket.destroy());
  return {
    port: (server.address() as AddressInfo).port,
    pointTo: (next) => {
      target = next;
    },
    cut: () => {
      isCut = true;
      endAll();
    },
    restore: () => {
      isCut = false;
    },
    stall: () => sockets.forEach((socket) => socket.unpipe().pause()),
    close: async () => {
      endAll();
      server.close();
      await once(server, 'close');
    },
  };
}
