import { createSign, generateKeyPairSync } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { roles } from '../../../tests/lib-support/roles';
import { createTokenIssuer } from './issuer';
import { fetchKeys } from './provider-keys';
import { createRotatingKeys } from './rotating-keys';
import { newTokenKey, tokenKeys, algorithms, type TokenKey } from './token-keys';
import { createTokenVerifier, type TokenVerifier } from './verifier';

const userId = '0192f3a0-0000-7000-8000-00000000000a';
const audience = 'tests';

/** A provider over real HTTP, whose answer each test decides. */
let server: Server;
let issuer: string;
let answer: RequestListener;
let asked = 0;
beforeEach(async () => {
  asked = 0;
  server = createServer((request, response) => {
    asked += 1;
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const json =
  (body: unknown, status = 200): RequestListener =>
  (_request, response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
const publishing = (...keys: TokenKey[]): RequestListener => json({ keys: keys.map(({ publicJwk }) => publicJwk) });
const newKey = (): TokenKey => tokenKeys.parse(JSON.stringify(newTokenKey()))[0] as TokenKey;
const signed = (key: TokenKey): Promise<string> =>
  createTokenIssuer({ issuer, audience, keys: [key] }).sign({ userId, role: 'member', expiresInSeconds: 1e6 });

/** What a verifier sees of the provider, at a time that the test decides. */
function verifierAt(clock: { now: number }, options: { jwksUrl?: string; timeoutMs?: number } = {}) {
  const outcomes: string[] = [];
  const { jwksUrl = `${issuer}/keys`, timeoutMs } = options;
  const keys = createRotatingKeys({
    issuer,
    fetch: () => fetchKeys({ issuer, jwksUrl }, timeoutMs),
    // Errors of `fetch` are of another realm than those of Jest.
    onFetched: (error) => outcomes.push(error === undefined ? 'fetched' : (error as Error).message),
    now: () => clock.now,
    cooldownMs: 10_000,
    freshForMs: 600_000,
  });
  const claims = { user: 'sub', userIds: 'uuid', role: 'role' } as const;
  const trusted = { issuer, audience, types: ['at+jwt'], algorithms, claims, keys };
  return { verifier: createTokenVerifier({ issuers: [trusted], roles, now: () => clock.now }), outcomes };
}
const codeOf = (verifier: TokenVerifier, token: string): Promise<string> =>
  verifier.verify(token).then(
    () => 'accepted',
    (error: unknown) => (error as { code: string }).code,
  );

test('a provider that rotates twice within a minute is followed, and is asked once per cooldown', async () => {
  const clock = { now: Date.now() };
  const { verifier } = verifierAt(clock);
  const [first, second, third] = [newKey(), newKey(), newKey()];
  answer = publishing(first);
  expect(await codeOf(verifier, await signed(first))).toBe('accepted');

  clock.now += 20_000;
  answer = publishing(first, second);
  expect(await codeOf(verifier, await signed(second))).toBe('accepted');
  clock.now += 20_000;
  answer = publishing(second, third);
  expect(await codeOf(verifier, await signed(third))).toBe('accepted');
  expect(await codeOf(verifier, await signed(second))).toBe('accepted');
  expect(asked).toBe(3);
  // The first key is withdrawn: a token that was not seen before is refused.
  clock.now += 1;
  expect(await codeOf(verifier, await signed(first))).toBe('unauthorized');
});

test('tokens with made-up keys make the provider be asked once per cooldown, however many there are', async () => {
  const clock = { now: Date.now() };
  const { verifier } = verifierAt(clock);
  const known = newKey();
  answer = publishing(known);
  expect(await codeOf(verifier, await signed(known))).toBe('accepted');
  clock.now += 10_000;
  const forged = await Promise.all(Array.from({ length: 50 }, () => signed(newKey())));
  const codes = await Promise.all(forged.map((token) => codeOf(verifier, token)));
  // Those that come after the answer, too.
  codes.push(await codeOf(verifier, await signed(newKey())));
  expect(new Set(codes)).toEqual(new Set(['unauthorized']));
  expect(asked).toBe(2);
});

test('while the provider is away its last keys stay in use, however old they are', async () => {
  const clock = { now: Date.now() };
  const { verifier, outcomes } = verifierAt(clock);
  const key = newKey();
  answer = publishing(key);
  expect(await codeOf(verifier, await signed(key))).toBe('accepted');

  server.closeAllConnections();
  server.close();
  for (let hours = 0; hours < 24; hours += 1) {
    clock.now += 3_600_000;
    expect(await codeOf(verifier, await signed({ ...key }))).toBe('accepted');
  }
  expect(outcomes[0]).toBe('fetched');
  expect(outcomes.slice(1)).toEqual(outcomes.slice(1).map(() => 'fetch failed'));
});

test('a provider that was never reached makes tokens unverifiable (503), not invalid, until it answers', async () => {
  const clock = { now: Date.now() };
  const { verifier } = verifierAt(clock);
  const key = newKey();
  answer = json({}, 500);
  expect(await codeOf(verifier, await signed(key))).toBe('unavailable');
  answer = publishing(key);
  expect(await codeOf(verifier, await signed(key))).toBe('unavailable');
  clock.now += 10_000;
  expect(await codeOf(verifier, await signed(key))).toBe('accepted');
});

const wrong: Record<string, [RequestListener, RegExp]> = {
  'is an error': [json({ keys: [] }, 500), /answered 500/],
  'is a redirect': [(_request, response) => void response.writeHead(302, { location: '/other' }).end(), /fetch failed/],
  'is a page': [(_request, response) => void response.end('<html>Sign in</html>'), /JSON/],
  'has no keys': [json({ keys: [] }), /no key/],
  'is no key set': [json({ keys: 'all of them' }), /array/],
  'has shared secrets only': [json({ keys: [{ kty: 'oct', k: 'c2VjcmV0', alg: 'HS256' }] }), /no key/],
  'has too many keys': [json({ keys: Array.from({ length: 101 }, () => newTokenKey()) }), /Too big|100/],
  'is huge': [
    (_request, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(' '.repeat(65_536)));
      };
      response.on('drain', more);
      more();
    },
    /longer than 524288 bytes/,
  ],
  'never comes': [() => undefined, /timeout/],
  'begins and never ends': [(_request, response) => void response.write('{"keys":'), /timeout|aborted/],
};
test.each(Object.keys(wrong))('an answer that %s changes nothing about the keys in use', async (what) => {
  const clock = { now: Date.now() };
  const { verifier, outcomes } = verifierAt(clock, { timeoutMs: 300 });
  const key = newKey();
  answer = publishing(key);
  expect(await codeOf(verifier, await signed(key))).toBe('accepted');

  const [listener, reason] = wrong[what] ?? [];
  answer = listener ?? answer;
  clock.now += 600_000;
  expect(await codeOf(verifier, await signed({ ...key }))).toBe('accepted');
  expect(outcomes.at(-1)).toMatch(reason ?? /never/);
  // Whatever the provider answers, nobody else's key is accepted.
  expect(await codeOf(verifier, await signed(newKey()))).toBe('unauthorized');
});

test('a slow provider holds up the first request with an unknown key, and nobody whose key is known', async () => {
  const clock = { now: Date.now() };
  const { verifier } = verifierAt(clock, { timeoutMs: 60_000 });
  const key = newKey();
  answer = publishing(key);
  await codeOf(verifier, await signed(key));
  clock.now += 10_000;
  let finish = (): void => undefined;
  answer = (request, response) => {
    finish = () => publishing(key)(request, response);
  };
  const waiting = codeOf(verifier, await signed(newKey()));
  expect(await codeOf(verifier, await signed({ ...key, kid: key.kid }))).toBe('accepted');
  while (asked < 2) await new Promise((resolve) => setImmediate(resolve));
  finish();
  expect(await waiting).toBe('unauthorized');
});

test('the discovery document says where the keys are, if it is that of the issuer', async () => {
  const key = newKey();
  let names = issuer;
  answer = (request, response) => {
    const isDiscovery = request.url === '/.well-known/openid-configuration';
    const body = isDiscovery ? { issuer: names, jwks_uri: `${issuer}/certs` } : { keys: [key.publicJwk] };
    json(body)(request, response);
  };
  await expect(fetchKeys({ issuer })).resolves.toBeInstanceOf(Function);
  names = 'https://evil.example';
  await expect(fetchKeys({ issuer })).rejects.toThrow('It calls itself https://evil.example');
});

test('an RSA key that is too short verifies nothing', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const publicJwk = { ...publicKey.export({ format: 'jwk' }), kid: 'short', alg: 'RS256' } as TokenKey['publicJwk'];
  answer = json({ keys: [publicJwk] });
  const { verifier } = verifierAt({ now: Date.now() });
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1_000);
  const claims = { iss: issuer, aud: audience, sub: userId, role: 'member', iat: now, exp: now + 60 };
  const input = `${part({ alg: 'RS256', typ: 'at+jwt', kid: 'short' })}.${part(claims)}`;
  const signature = createSign('sha256').update(input).sign(privateKey, 'base64url');
  expect(await codeOf(verifier, `${input}.${signature}`)).toBe('unauthorized');
});
