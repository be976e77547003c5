import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { take } from './directory-lock';
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
  smtp: 1025,
  mailWeb: 1080,
};
export type Ports = Record<keyof typeof defaultPorts, number>;

/** For stacks that must not get in the way of others. */
export const anyPorts = Object.fromEntries(Object.keys(defaultPorts).map((name) => [name, 0])) as Ports;

/**
 * The preferred port when nothing listens there, otherwise any free one. Loopback only. Not one of those that the system
 * gives to outgoing connections (from 32768 on): such a connection could have it before we listen there.
 */
export async function freePort(preferred = 0): Promise<number> {
  const port = preferred === 0 ? randomInt(20_000, 32_000) : preferred;
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return port;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE' || code === 'EACCES') return await freePort();
    throw error;
  } finally {
    server.close();
  }
}

/**
 * A free port for each, none twice; the preferred one where it is free, which is then reserved: until something listens
 * there, the stack of another checkout would find it free as well, and later take our system for its own.
 * @param notes the folder that says so to other processes.
 */
export async function freePorts(preferred: readonly number[], notes = tmpdir()): Promise<number[]> {
  const chosen: number[] = [];
  for (const wanted of preferred) {
    let port = await freePort(wanted);
    if (port === wanted && !reserve(port, notes)) port = await freePort();
    while (chosen.includes(port)) port = await freePort();
    chosen.push(port);
  }
  return chosen;
}

const reserved = new Set<number>();

/** Reserves a port for this process, until it ends; false when another stack's process has done so. */
function reserve(port: number, notes: string): boolean {
  if (reserved.has(port)) return true;
  try {
    if (!take(join(notes, `sagaworks-port-${port}.pid`))) return false;
  } catch (error) {
    // Left by a process of another user that is gone: the port is not reserved.
    if (!['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
  reserved.add(port);
  return true;
}

/**
 * The ports of a stack: the preferred ones, but taken ones are replaced by free ones, and reported. What is not `wanted`
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
  mail: ['smtp', 'mailWeb'],
};
