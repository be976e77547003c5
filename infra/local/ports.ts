import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import type { System } from './systems';
import type { Steps } from './steps';

/** Where everything of a stack listens when nothing else does. */
export const defaultPorts = {
  api: 3000,
  postgres: 5432,
  rabbitmq: 5672,
  rabbitmqManagement: 15672,
  temporal: 7233,
  temporalUi: 8233,
};
export type Ports = Record<keyof typeof defaultPorts, number>;

/** For stacks that must not be in anybody's way. */
export const anyPorts: Ports = { api: 0, postgres: 0, rabbitmq: 0, rabbitmqManagement: 0, temporal: 0, temporalUi: 0 };

/** The preferred port when nobody listens there, otherwise any free one. Loopback only. */
export async function freePort(preferred = 0): Promise<number> {
  const server = createServer();
  try {
    server.listen(preferred, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (preferred !== 0 && (code === 'EADDRINUSE' || code === 'EACCES')) return await freePort();
    throw error;
  } finally {
    server.close();
  }
}

/** A free port for each, none twice; the preferred one where it is free. */
export async function freePorts(preferred: readonly number[]): Promise<number[]> {
  const chosen: number[] = [];
  for (const wanted of preferred) {
    let port = await freePort(wanted);
    while (chosen.includes(port)) port = await freePort();
    chosen.push(port);
  }
  return chosen;
}

/**
 * The ports of a stack: the preferred ones, but taken ones are replaced by free ones, and told. What is not `wanted`
 * is not started by us, or runs already: its ports may well be taken.
 */
export async function choosePorts(preferred: Ports, wanted: readonly System[], { note }: Steps): Promise<Ports> {
  const names = ['api' as const, ...wanted.flatMap((system) => portsOf[system])];
  const chosen = await freePorts(names.map((name) => preferred[name]));
  const ports = { ...preferred };
  for (const [index, name] of names.entries()) {
    const port = chosen[index] ?? 0;
    if (preferred[name] !== 0 && preferred[name] !== port)
      note(`Port ${preferred[name]} is taken: ${name} gets ${port}`);
    ports[name] = port;
  }
  return ports;
}

const portsOf: Record<System, (keyof Ports)[]> = {
  postgres: ['postgres'],
  rabbitmq: ['rabbitmq', 'rabbitmqManagement'],
  temporal: ['temporal', 'temporalUi'],
};
