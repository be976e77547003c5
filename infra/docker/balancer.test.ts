import { afterEach, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { createBalancer, createResolver, type Replica } from './balancer';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.close();
    await once(server, 'close');
  }
});

async function listen(server: Server): Promise<Replica> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push(server);
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
}

/** A replica of an HTTP service that answers with its name, and closes each connection. */
const replica = (name: string): Promise<Replica> =>
  listen(createHttpServer((_, response) => response.setHeader('connection', 'close').end(name)));

const balance = (replicas: readonly Replica[]): Promise<Replica> =>
  listen(createBalancer(() => Promise.resolve(replicas)));

const ask = async ({ port }: Replica): Promise<string> => (await fetch(`http://127.0.0.1:${port}/`)).text();

test('connections go to the replicas in turn', async () => {
  const balancer = await balance([await replica('a'), await replica('b'), await replica('c')]);
  const answers: string[] = [];
  for (let n = 0; n < 6; n += 1) answers.push(await ask(balancer));
  expect(answers).toEqual(['a', 'b', 'c', 'a', 'b', 'c']);
});

test('a replica that is down is passed over', async () => {
  const gone = await replica('gone');
  const server = servers.pop();
  server?.close();
  const balancer = await balance([gone, await replica('b')]);
  expect([await ask(balancer), await ask(balancer), await ask(balancer)]).toEqual(['b', 'b', 'b']);
});

test('a connection is reset when no replica accepts it', async () => {
  const balancer = await balance([]);
  await expect(ask(balancer)).rejects.toThrow('fetch failed');
});

test('a client that has sent all still gets the answer', async () => {
  const echo = createServer({ allowHalfOpen: true }, (socket) => {
    void text(socket).then((all) => socket.end(`${all}!`));
  });
  const balancer = await balance([await listen(echo)]);
  const socket = connect({ ...balancer, allowHalfOpen: true });
  socket.end('all of it');
  expect(await text(socket)).toBe('all of it!');
});

test('a name stands for all of its addresses, and is looked up once a second', async () => {
  let now = 0;
  const replicasNow = createResolver('localhost', 3000, () => now);
  const first = replicasNow();
  now = 999;
  expect(replicasNow()).toBe(first);
  now = 1_000;
  expect(replicasNow()).not.toBe(first);
  expect(await first).toContainEqual({ host: '127.0.0.1', port: 3000 });
});
