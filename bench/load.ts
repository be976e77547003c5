import { setTimeout as sleep } from 'node:timers/promises';
import { openConnection, type Connection } from './connection';

/** What came of a load. */
export interface Load {
  /** When it began, in milliseconds since 1970. */
  beganAt: number;
  seconds: number;
  /** Responses by status. */
  statuses: Record<number, number>;
  /** How long the accepted requests took. */
  acceptedMs: number[];
  /** When the last refused request was sent, after the beginning; 0 when none was refused. */
  lastRefusedMs: number;
  /** Requests that were due while no connection was free. */
  unsent: number;
  /** The share of one processor that the clients took. */
  processorShare: number;
}

export interface Target {
  url: string;
  /** A whole HTTP request, each time a new one. */
  request: () => string;
}

export interface Clients {
  connections: number;
  seconds: number;
}

/** Each client sends its next request as soon as it has its response, also after a refusal. */
export const closedLoop = (target: Target, clients: Clients): Promise<Load> =>
  measured(target, clients, async (connections, one, until) => {
    const client = async (connection: Connection): Promise<void> => {
      while (performance.now() < until) await one(connection);
    };
    await Promise.all(connections.map(client));
    return 0;
  });

/** Requests come at a rate, evenly, whatever becomes of those before them; each takes the next free connection. */
export const openLoop = (target: Target, clients: Clients & { perSecond: number }): Promise<Load> =>
  measured(target, clients, async (connections, one, until) => {
    const free = [...connections];
    const began = performance.now();
    let [due, unsent] = [0, 0];
    while (performance.now() < until) {
      const now = ((performance.now() - began) / 1_000) * clients.perSecond;
      for (; due < now; due += 1) {
        const connection = free.shift();
        if (connection) void one(connection).then(() => free.push(connection));
        else unsent += 1;
      }
      await sleep(1);
    }
    while (free.length < connections.length) await sleep(10);
    return unsent;
  });

type Run = (
  connections: readonly Connection[],
  one: (connection: Connection) => Promise<void>,
  until: number,
) => Promise<number>;

async function measured({ url, request }: Target, { connections: count, seconds }: Clients, run: Run): Promise<Load> {
  const { hostname, port } = new URL(url);
  const connections: Connection[] = [];
  // One after the other, so that no connection is refused.
  while (connections.length < count) connections.push(await openConnection(hostname, Number(port)));
  const load = { statuses: {} as Record<number, number>, acceptedMs: [] as number[], lastRefusedMs: 0 };
  const [began, beganAt, processor] = [performance.now(), Date.now(), process.cpuUsage()];

  const one = async (connection: Connection): Promise<void> => {
    const sentAt = performance.now();
    const status = await connection.send(request());
    load.statuses[status] = (load.statuses[status] ?? 0) + 1;
    if (status === 202) load.acceptedMs.push(performance.now() - sentAt);
    else load.lastRefusedMs = Math.max(load.lastRefusedMs, sentAt - began);
  };
  const unsent = await run(connections, one, began + seconds * 1_000);
  const { user, system } = process.cpuUsage(processor);
  for (const connection of connections) connection.close();
  const processorShare = (user + system) / 1_000 / (performance.now() - began);
  return { ...load, beganAt, seconds, unsent, processorShare };
}
