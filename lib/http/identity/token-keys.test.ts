import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { tokenKeys } from './token-keys';

const pem = (key: KeyObject): string =>
  key.type === 'private'
    ? key.export({ format: 'pem', type: 'pkcs8' }).toString()
    : key.export({ format: 'pem', type: 'spki' }).toString();
const ours = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

test('keys that do not sign tokens here are refused at start, without quoting them', () => {
  const unusable = [
    '',
    '{}',
    '[]',
    'x'.repeat(40),
    pem(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey),
    pem(generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey),
    JSON.stringify({ kty: 'oct', k: 'c2VjcmV0' }),
    pem(ours) + pem(ours),
  ];
  for (const text of unusable) {
    const { error } = tokenKeys.safeParse(text);
    expect(error?.issues).toMatchObject([{ message: expect.stringContaining('must be keys') }]);
  }
});

test('keys may be PEM or JWKs, of each kind that signs; public ones only verify', () => {
  const another = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const ed = generateKeyPairSync('ed25519').privateKey;
  const several = tokenKeys.parse([pem(ours), pem(ed), pem(rsa), pem(createPublicKey(another))].join('\n'));
  expect(several.map(({ algorithm }) => algorithm)).toEqual(['ES256', 'EdDSA', 'RS256', 'ES256']);
  expect(several.map(({ privateKey }) => privateKey !== undefined)).toEqual([true, true, true, false]);
  expect(JSON.stringify(several.map(({ publicJwk: jwk }) => jwk))).not.toContain('"d"');

  const jwk = createPrivateKey(pem(ours)).export({ format: 'jwk' });
  for (const text of [jwk, [jwk], { keys: [jwk] }])
    expect(tokenKeys.parse(JSON.stringify(text))).toMatchObject([
      { kid: expect.stringMatching(/^[\w-]{43}$/), algorithm: 'ES256' },
    ]);
});
