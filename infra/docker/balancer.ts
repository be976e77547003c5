import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** Where a connection may be passed on to. */
export interface Replica {
  host: string;
  port: number;
}

/** A replica that does not accept a connection within this time is passed over. */
const connectMs = 1_000;

/**
 * Passes connections on to replicas in turn, as they are: no protocol is looked into. A connection that one replica
 * refuses goes to the next; nothing has been sent by then, so nothing is sent twice.
 * @param replicasNow the replicas at this moment, in any order
 */
export function createBalancer(replicasNow: () => Promise<readonly Replica[]>): Server {
  let turn = 0;
  return createServer({ allowHalfOpen: true, pauseOnConnect: true }, (client) => {
    client.on('error', () => client.destroy());
    const first = turn++;
    void replicasNow()
      .then((replicas) => connectToOne(inTurn(replicas, first)))
      .then(
        (replica) => join(client, replica),
        () => client.resetAndDestroy(),
      );
  });
}

function inTurn<T>(all: readonly T[], turn: number): T[] {
  const first = turn % Math.max(all.length, 1);
  return [...all.slice(first), ...all.slice(0, first)];
}

async function connectToOne([replica, ...others]: Replica[]): Promise<Socket> {
  if (!replica) throw new Error('No replica accepts a connection');
  const socket = connect({ ...replica, allowHalfOpen: true });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(connectMs) });
    return socket;
  } catch {
    socket.destroy();
    return connectToOne(others);
  }
}

/** Either side may end first; when one breaks, so does the other. */
function join(client: Socket, replica: Socket): void {
  replica.on('error', () => client.destroy());
  client.on('close', () => replica.destroy());
  replica.on('close', () => client.destroySoon());
  client.pipe(replica).pipe(client);
}

/** Names are resolved again after this time. */
const resolvedForMs = 1_000;

/** The addresses of a name, such as those of the containers of a compose service. */
export function createResolver(host: string, port: number, now = () => performance.now()): () => Promise<Replica[]> {
  let resolved: Promise<Replica[]> | undefined;
  let until = -Infinity;
  return () => {
    if (!resolved || now() >= until) {
      until = now() + resolvedForMs;
      resolved = lookup(host, { all: true }).then((found) => found.map(({ address }) => ({ host: address, port })));
      // An unknown name is looked up again by the next connection.
      resolved.catch(() => (until = -Infinity));
    }
    return resolved;
  };
}
