import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { heldByPeers } from './peers';

const answers: Record<string, unknown> = {
  '/readyz': { status: 'ready', degraded: ['intake of note-events (held)', 'broker', 'intake of page-events'] },
};
let peer: Server;
let url: string;

beforeAll(async () => {
  peer = createServer((request, response) => response.end(JSON.stringify(answers[request.url ?? '']))).listen(0);
  await once(peer, 'listening');
  url = `http://127.0.0.1:${(peer.address() as AddressInfo).port}`;
});
afterAll(() => void peer.close());

test('a queue is held when a process says that it holds it', async () => {
  expect(await heldByPeers([url], ['note-events', 'page-events', 'other'])).toEqual(new Set(['note-events']));
});

test('a process that does not answer says nothing', async () => {
  expect(await heldByPeers(['http://127.0.0.1:1', url], ['note-events'])).toEqual(new Set(['note-events']));
});
