import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { eventually } from '../../tests/lib-support/eventually';
import { inboxArguments } from './native/mail';
import { freePorts } from './ports';

let maildev: ChildProcess;
let port: number;

beforeAll(async () => {
  const [smtp = 0, mailWeb = 0] = await freePorts([0, 0]);
  port = mailWeb;
  maildev = spawn(process.execPath, inboxArguments({ smtp, mailWeb }), { stdio: 'ignore' });
  await eventually(async () => expect((await ask({})).status).toBe(200));
}, 60_000);
afterAll(async () => {
  const gone = once(maildev, 'exit');
  maildev.kill();
  await gone;
});

/** Asks for the e-mails, with headers as a browser would send them. */
async function ask(headers: Record<string, string>, path = '/api/email') {
  const asked = request({ host: '127.0.0.1', port, path, headers: { host: `127.0.0.1:${port}`, ...headers } });
  asked.end();
  const status = await new Promise<number | undefined>((resolve, reject) => {
    asked.on('error', reject);
    asked.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve(response.statusCode);
    });
    asked.on('response', (response) => {
      response.resume();
      resolve(response.statusCode);
    });
  });
  return { status };
}

test('the inbox answers its own page, programs, and who opens it by a link', async () => {
  const own = { origin: `http://127.0.0.1:${port}`, 'sec-fetch-site': 'same-origin' };
  for (const headers of [{}, own, { 'sec-fetch-site': 'none' }, { host: `localhost:${port}` }])
    expect(await ask(headers)).toEqual({ status: 200 });
  expect(await ask({ 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'document' })).toEqual({ status: 200 });
});

test.each<[string, Record<string, string>]>([
  ['a page of another origin', { origin: 'https://evil.example' }],
  ['a page of another port of this machine', { origin: 'http://127.0.0.1:3000' }],
  ['a page without an origin', { origin: 'null' }],
  ['a page under a name that was rebound to this machine', { host: 'evil.example' }],
  ['a name that only begins like this machine', { host: 'localhost.evil.example' }],
  ['an image or a script in a page', { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'script' }],
  ['a frame in a page', { 'sec-fetch-site': 'same-site', 'sec-fetch-dest': 'iframe' }],
])('%s gets nothing', async (_, headers) => {
  expect(await ask(headers)).toEqual({ status: 403 });
});

test('no other page hears of new e-mails', async () => {
  const handshake = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
  };
  const path = '/socket.io/?EIO=4&transport=websocket';
  expect(await ask({ ...handshake, origin: 'https://evil.example' }, path)).toEqual({ status: 403 });
  expect(await ask({ ...handshake, origin: `http://127.0.0.1:${port}` }, path)).toEqual({ status: 101 });
});
