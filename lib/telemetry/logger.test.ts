import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { namespace } from '../config/namespace';
import { newKey } from '../http/api-keys/key';
import { newContext, withContext } from './context';
import { createLogger, type Logger } from './logger';
import { redact } from './redact';

function capture(log: (logger: Logger) => void): string {
  const lines: string[] = [];
  log(createLogger({ name: 'test', level: 'info', destination: { write: (line) => void lines.push(line) } }));
  return lines.join('');
}

const { text: keyText, prefix } = newKey();
const secrets = [
  'ada@example.com',
  'Ada Lovelace',
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl',
  'hunter2',
  'tok_ok',
  keyText.slice(-43),
];
const [email, name, jwt, password, token] = secrets;

test.each<[string, (logger: Logger) => void]>([
  ['a field', (logger) => logger.info({ email, name, token: jwt, password })],
  ['a field deep inside', (logger) => logger.info({ note: { user: { email, name }, share: { token } } })],
  ['a message', (logger) => logger.info(`wrote to ${email} with Bearer ${jwt}`)],
  ['a header', (logger) => logger.info({ headers: { authorization: `Bearer ${jwt}`, cookie: password } })],
  ['an error and its cause', (logger) => logger.error(new Error(`no ${email}`, { cause: new Error(`${jwt} is bad`) }))],
  [
    'what PostgreSQL adds to an error',
    (logger) =>
      logger.error({ err: Object.assign(new Error('duplicate'), { detail: `Key (email)=(${email}) exists` }) }),
  ],
  ['the credentials of a URL', (logger) => logger.info(`connecting to amqp://guest:${password}@127.0.0.1:5672`)],
  [
    'a key of another name',
    (logger) => logger.info({ JWT_SECRET: password, access_token: token, userPassword: password }),
  ],
  ['JSON inside text', (logger) => logger.info({ body: JSON.stringify({ email, auth: jwt }) })],
  ['a key inside text', (logger) => logger.info({ body: JSON.stringify({ name, password, share: { token } }) })],
  ['a key in text in text', (logger) => logger.info(JSON.stringify({ body: JSON.stringify({ name, token }) }))],
  [
    'a value with quotes',
    (logger) => logger.info(JSON.stringify({ name: `"${name}" ${name}`, password: `\\${password}\\` })),
  ],
  ['an encoded address', (logger) => logger.info({ path: `/users?email=${encodeURIComponent(String(email))}` })],
  [
    'an address that was encoded twice',
    (logger) => logger.info({ path: `/users?email=${encodeURIComponent(encodeURIComponent(String(email)))}` }),
  ],
  ['lists of texts', (logger) => logger.info({ email: [email], name: ['Ada "L"', name], tokens: 1, token: [token] })],
  ['the query of a URL', (logger) => logger.info(`GET /?access_token=${token}&password=${password}`)],
  ['a list in text', (logger) => logger.info({ body: JSON.stringify({ to: [{ name, email }] }) })],
  ['the text of an API key', (logger) => logger.info({ keyText, note: `of ${keyText},` }, `Bearer ${keyText}`)],
  ['an API key in text', (logger) => logger.info({ body: JSON.stringify({ given: keyText, path: `/%20${keyText}` }) })],
  ['an encoded header', (logger) => logger.info({ path: `/?auth=Bearer%20${jwt}` })],
])('nothing personal and no secret is logged in %s', (_where, log) => {
  const written = capture(log);
  expect(written).not.toBe('');
  for (const secret of secrets) expect(written).not.toContain(secret);
});

test('a redacted line is still JSON, and the rest of it stays', () => {
  const line = capture((logger) => logger.info({ email: 'a"b\\"@example.com', noteId: '17', status: 202 }, 'written'));
  expect(JSON.parse(line)).toMatchObject({ email: '[redacted]', noteId: '17', status: 202, msg: 'written' });
});

test('of an API key its beginning stays, by which people tell keys apart', () => {
  expect(redact(`the key ${keyText}`)).toBe(`the key ${prefix}_[redacted]`);
});

// A time that grows with the square of the length is half a minute here, and the test runs into its limit.
test.each([
  'a',
  'eyJ',
  'eyJ.',
  'eyJa.',
  'a@',
  'a%40',
  '%40',
  'a@1.',
  '"token',
  '://',
  '1.',
  '%25',
  '%2540',
  '"name":[',
  '"name":["",',
  '?token=',
  'é@é.',
  '\\"token\\":',
  '\\',
  `${namespace}_`,
  `${namespace}_0123456789ab_`,
  `${namespace}_0123456789ab_xyz`,
])(
  'many characters that a caller made of %p are redacted in a time linear in their number',
  async (piece) => {
    expect(redact(piece.repeat(150_000 / piece.length))).not.toBe('');
    await sleep(1); // Lets Jest see that the limit has passed.
  },
  5_000,
);

test('every line has the service and the correlation id', () => {
  const line = capture((logger) => withContext(newContext({ correlationId: 'c-1' }), () => logger.info('hello')));
  expect(JSON.parse(line)).toMatchObject({ level: 'info', service: 'test', correlationId: 'c-1', msg: 'hello' });
});
