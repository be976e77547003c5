import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from '@jest/globals';
import { anyPorts, choosePorts, freePort, freePorts } from './ports';
import { notePid } from './processes';

const notes = mkdtempSync(join(tmpdir(), 'sagaworks-ports-'));
afterAll(() => rmSync(notes, { recursive: true }));

const servers: ReturnType<typeof createServer>[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function takenPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function listener() {
  const notes: string[] = [];
  return {
    notes,
    steps: { note: (line: string) => void notes.push(line), step: <T>(_: string, run: () => Promise<T>) => run() },
  };
}

test('a free port stays the preferred one, a taken one is replaced', async () => {
  const free = await freePort();
  const taken = await takenPort();
  expect(await freePort(free)).toBe(free);
  expect(await freePort(taken)).not.toBe(taken);
});

test('any free port is none that an outgoing connection may get before it is used', async () => {
  expect(await freePort()).toBeLessThan(32_768);
});

test('no port is given twice', async () => {
  const free = await freePort();
  const ports = await freePorts([free, free, 0, 0], notes);
  expect(ports[0]).toBe(free);
  expect(new Set(ports).size).toBe(4);
});

test('a port that a starting stack has chosen is not chosen by another, until that is gone', async () => {
  const port = await freePort();
  const other = spawn('sleep', ['60']);
  notePid(join(notes, `sagaworks-port-${port}.pid`), other.pid ?? 0);
  expect(await freePorts([port], notes)).not.toEqual([port]);
  other.kill();
  await once(other, 'exit');
  expect(await freePorts([port], notes)).toEqual([port]);
});

test('a replaced port is reported', async () => {
  const taken = await takenPort();
  const { notes, steps } = listener();
  const ports = await choosePorts({ ...anyPorts, postgres: taken }, ['postgres'], steps);
  expect(notes).toEqual([`Port ${taken} is taken: postgres gets ${ports.postgres}`]);
});

test('what is not started by us keeps its port, although another process listens there', async () => {
  const taken = await takenPort();
  const { notes, steps } = listener();
  expect(await choosePorts({ ...anyPorts, postgres: taken }, ['temporal'], steps)).toMatchObject({ postgres: taken });
  expect(notes).toEqual([]);
});
