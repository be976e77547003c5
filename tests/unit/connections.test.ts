import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { guardConnections, type ConnectionGuard } from './connections';

let guard: ConnectionGuard;
beforeEach(() => {
  guard = guardConnections();
});
afterEach(() => guard.remove());

test.each([
  [() => connect(5432, '127.0.0.1'), '5432'],
  [() => connect({ port: 7233 }), '7233'],
  [() => connect('/var/run/docker.sock'), '/var/run/docker.sock'],
])('a connection to what the process has not started is refused, once for the test: %s', (reach, target) => {
  expect(reach).toThrow(`A unit test connected to ${target}, which its process does not listen to`);
  expect(guard.takeRefusal()?.message).toContain(target);
  expect(guard.takeRefusal()).toBeUndefined();
});

test('a server of the process itself can be reached', async () => {
  const server = createServer((socket) => socket.end('hello')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [data] = (await once(client, 'data')) as [Buffer];
  expect(data.toString()).toBe('hello');
  expect(guard.takeRefusal()).toBeUndefined();
  client.destroy();
  server.close();
});
