import { afterEach, expect, test } from '@jest/globals';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { createAuthority } from '../../tests/lib-support/certificates';
import { startMailServer } from '../../tests/support/mail-server';
import { createSmtp, tryServer, type Mail } from './smtp';

const authority = createAuthority('an authority');
const stranger = createAuthority('another authority');
const mail: Mail = {
  messageId: '<1@example.com>',
  from: 'orders@example.com',
  to: { name: 'Ada', address: 'ada@example.com' },
  subject: 'A subject',
  text: 'A text',
  html: '<p>A text</p>',
  date: new Date(),
};
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** A server that takes e-mails over TLS: from the first byte, or after STARTTLS. */
async function startTlsServer(secure: boolean, password = 'a password'): Promise<number> {
  const server = new SMTPServer({
    ...authority.sign(),
    secure,
    logger: false,
    closeTimeout: 200,
    onAuth: (login, _, done) =>
      login.password === password ? done(null, { user: 'shop' }) : done(new Error('Wrong password')),
    onData: (stream, _, done) => void stream.resume().on('end', () => done()),
  });
  server.on('error', () => undefined); // The client reports it.
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  ends.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return (server.server.address() as AddressInfo).port;
}

async function send(url: string, ca?: string) {
  const smtp = createSmtp(() => ({ url, ca }));
  const attempt = await smtp.send(mail);
  smtp.close();
  return attempt;
}

test.each(['smtps', 'smtp'])('%s is encrypted, and the server is verified by its authority', async (protocol) => {
  const url = `${protocol}://shop:a%20password@127.0.0.1:${await startTlsServer(protocol === 'smtps')}`;
  expect(await send(url, authority.cert)).toEqual({ outcome: 'sent' });
  expect(await send(url, stranger.cert)).toMatchObject({ outcome: 'again' });
  expect(await send(url)).toMatchObject({ outcome: 'again' });
});

test('with requireTLS nothing is sent to a server without TLS', async () => {
  const server = await startMailServer();
  ends.push(() => server.close());
  expect(await send(`${server.url}?requireTLS=true`)).toMatchObject({ outcome: 'again' });
  expect(server.taken).toEqual([]);
  expect(await send(server.url)).toEqual({ outcome: 'sent' });
});

test('a login is tried before it is used', async () => {
  const at = `127.0.0.1:${await startTlsServer(true)}`;
  await tryServer({ url: `smtps://shop:a%20password@${at}`, ca: authority.cert });
  await expect(tryServer({ url: `smtps://shop:another@${at}`, ca: authority.cert })).rejects.toThrow('Invalid login');
});
