import { expect, test } from '@jest/globals';
import { roles } from '../../../tests/lib-support/roles';
import { createTestTokens } from '../../../tests/lib-support/tokens';
import { createTokenIssuer } from './issuer';
import { newTokenKey, tokenKeys } from './token-keys';
import { builtInIssuer, type ClaimNames } from './trusted-issuer';
import { createTokenVerifier } from './verifier';
import { bearerOf } from './claims';

const userId = '0192f3a0-0000-7000-8000-00000000000a';
const name = { issuer: 'tests', audience: 'tests' };
const newKeys = () => tokenKeys.parse(JSON.stringify(newTokenKey()));

test('a token says who it was made for, when, and until when', async () => {
  const keys = newKeys();
  const now = 1_800_000_000_000;
  const issuer = createTokenIssuer({ ...name, keys, now: () => now, ids: () => 'j1' });
  const verifier = createTokenVerifier({ issuers: [builtInIssuer({ ...name, keys })], roles, now: () => now });
  const token = await issuer.sign({ userId: userId.toUpperCase(), role: 'member', expiresInSeconds: 60 });
  expect(await verifier.verify(token)).toEqual({
    actor: { userId, role: 'member', scopes: new Set(roles.member.scopes), reach: 'own' },
    issuedAt: now,
    // With the 30 seconds that clocks may differ.
    expiresAt: now + 90_000,
    issuer: 'tests',
    subject: userId.toUpperCase(),
    jti: 'j1',
  });
});

test('a verified token is cached until it expires, and no longer', async () => {
  let now = Date.now();
  const { issuer, verifier } = createTestTokens(roles, () => now);
  const token = await issuer.sign({ userId, role: 'member', expiresInSeconds: 5 });
  const first = await verifier.verify(token);
  now += 30_000;
  expect(await verifier.verify(token)).toBe(first);
  now += 6_000;
  await expect(verifier.verify(token)).rejects.toThrow('The token has expired');
});

test('clocks may differ by as much as the setting says', async () => {
  const keys = newKeys();
  const at = (now: number) =>
    createTokenVerifier({ issuers: [builtInIssuer({ ...name, keys })], roles, clockSkewSeconds: 10, now: () => now });
  const now = Date.now();
  const token = await createTokenIssuer({ ...name, keys, now: () => now }).sign({ userId, role: 'member' });
  await expect(at(now - 9_000).verify(token)).resolves.toMatchObject({ actor: { userId } });
  await expect(at(now - 12_000).verify(token)).rejects.toMatchObject({ code: 'unauthorized' });
});

test('the first key signs and all verify: a new key goes in front, and the old one leaves when its tokens are gone', async () => {
  const [old, next] = [newKeys(), newKeys()];
  const verifierWith = (keys: typeof old) =>
    createTokenVerifier({ issuers: [builtInIssuer({ ...name, keys })], roles });
  const signedWith = (keys: typeof old) => createTokenIssuer({ ...name, keys }).sign({ userId, role: 'member' });
  const [before, after] = [await signedWith(old), await signedWith([...next, ...old])];
  const both = verifierWith([...next, ...old]);
  await expect(both.verify(before)).resolves.toBeDefined();
  await expect(both.verify(after)).resolves.toBeDefined();
  await expect(verifierWith(next).verify(before)).rejects.toMatchObject({ code: 'unauthorized' });
  await expect(verifierWith(next).verify(after)).resolves.toBeDefined();
});

const names: ClaimNames = { user: 'sub', userIds: 'uuid', role: 'role' };
const claims = { iss: 'https://id.example', sub: userId, exp: 2, iat: 1 };

test.each<[string, Partial<ClaimNames>, object, string]>([
  ['a path', { role: 'realm_access.roles' }, { realm_access: { roles: ['x', 'member'] } }, 'member'],
  ['a name with dots', { role: 'https://a.example/roles' }, { 'https://a.example/roles': 'operator' }, 'operator'],
  ['words in one string', { role: 'scp' }, { scp: 'x member' }, 'member'],
  ['several, of which the most powerful counts', {}, { role: ['operator', 'member'] }, 'operator'],
  ['other names', { roles: { staff: 'operator' } }, { role: ['staff', 'member'] }, 'operator'],
  ['none, with a default', { defaultRole: 'member' }, {}, 'member'],
])('the role of a token is found: %s', (_what, change, more, role) => {
  expect(bearerOf({ ...claims, ...more }, { ...names, ...change }, roles, 0).actor.role).toBe(role);
});

test.each<[string, Partial<ClaimNames>, object]>([
  ['is unknown', {}, { role: 'king' }],
  ['is missing', {}, {}],
  ['is a member of every object', {}, { role: 'constructor' }],
  ['is known, but not in the mapping', { roles: { staff: 'operator' } }, { role: 'operator' }],
  ['is no name', {}, { role: { name: 'operator' } }],
  ['is reached through a prototype', { role: '__proto__.role' }, { role: 'operator' }],
])('a token whose role %s is refused', (_what, change, more) => {
  const read = () => bearerOf({ ...claims, ...more }, { ...names, ...change }, roles, 0);
  expect(read).toThrow(expect.objectContaining({ code: 'unauthorized' }));
});

test('a provider may have the id of the user elsewhere, or none', () => {
  const elsewhere = { ...claims, sub: 'auth0|17', shop_user: userId, role: 'member' };
  expect(bearerOf(elsewhere, { ...names, user: 'shop_user' }, roles, 0).actor.userId).toBe(userId);
  expect(() => bearerOf(elsewhere, names, roles, 0)).toThrow('a UUID, in the claim sub');

  const derived = (iss: string) =>
    bearerOf({ ...elsewhere, iss }, { ...names, userIds: 'derived' }, roles, 0).actor.userId;
  expect(derived('https://id.example')).toBe(derived('https://id.example'));
  expect(derived('https://id.example')).not.toBe(derived('https://other.example'));
});

test('scopes of the token restrict those of its role, and add none', () => {
  const token = { ...claims, role: 'member', scope: 'openid notes:read ops:read' };
  expect(bearerOf(token, { ...names, scope: 'scope' }, roles, 0).actor.scopes).toEqual(new Set(['notes:read']));
});
