import { Server, Socket } from 'node:net';

/** Watches over the connections of this process. */
export interface ConnectionGuard {
  /** The first connection refused since the last call. */
  takeRefusal(): Error | undefined;
  /** Connections are as they were before. */
  remove(): void;
}

type Method<T> = (this: T, ...args: unknown[]) => T;

/**
 * Lets this process connect to what it listens to itself, and to nothing else: a unit test must not pass only where a
 * server happens to run. A refused connection throws at once.
 */
export function guardConnections(): ConnectionGuard {
  const ownPorts = new Set<number>();
  let refusal: Error | undefined;
  const listen = Reflect.get(Server.prototype, 'listen') as Method<Server>;
  const connect = Reflect.get(Socket.prototype, 'connect') as Method<Socket>;

  Object.assign(Server.prototype, {
    listen(this: Server, ...args: unknown[]) {
      this.once('listening', () => {
        const address = this.address();
        if (typeof address === 'object' && address) ownPorts.add(address.port);
      });
      return listen.apply(this, args);
    },
  });
  Object.assign(Socket.prototype, {
    connect(this: Socket, ...args: unknown[]) {
      const target = targetOf(args);
      if (ownPorts.has(Number(target))) return connect.apply(this, args);
      const error = new Error(
        `A unit test connected to ${target}, which its process does not listen to. A test that needs a server takes its ` +
          'address from tests/lib-support/required.ts; then npm test runs it, and npm run test:unit does not.',
      );
      refusal ??= error;
      throw error;
    },
  });

  return {
    takeRefusal() {
      const taken = refusal;
      refusal = undefined;
      return taken;
    },
    remove: () => {
      Object.assign(Server.prototype, { listen });
      Object.assign(Socket.prototype, { connect });
    },
  };
}

/** The port, or the path of a Unix socket. Node hands its arguments on in an array. */
function targetOf([first]: unknown[]): string {
  const options: unknown = Array.isArray(first) ? first[0] : first;
  if (typeof options !== 'object' || options === null) return String(options);
  const { port, path } = options as { port?: number | string; path?: string };
  return String(port ?? path);
}
