import { expect, test } from '@jest/globals';
import { createRevocations, type Revocation } from './revocations';

const subject = 'ada';
const at = (seconds: number): number => seconds * 1_000;
const fact = (version: number, state: 'ended' | 'locked' | 'unlocked'): Revocation => ({
  kind: 'subject',
  subject,
  version,
  state,
  at: new Date(at(version * 10)),
});
const after = (...facts: Revocation[]) => {
  const revocations = createRevocations();
  for (const one of facts) revocations.apply(one);
  return (issuedAt?: number) => revocations.isRevoked({ subject, tokenId: 'mine', issuedAt });
};

test('a lock ends every token of its subject, and no other', () => {
  const revocations = createRevocations();
  revocations.apply(fact(2, 'locked'));
  for (const issuedAt of [at(1), at(20), at(99), undefined])
    expect(revocations.isRevoked({ subject, issuedAt })).toBe(true);
  expect(revocations.isRevoked({ subject: 'bob', issuedAt: at(1) })).toBe(false);
});

test('after the unlock, tokens issued later than the lock are accepted; those from before it are not', () => {
  const isRevoked = after(fact(2, 'locked'), fact(3, 'unlocked'));
  expect([at(19), at(20), at(21), at(31), undefined].map(isRevoked)).toEqual([true, true, false, false, true]);
});

test('facts may come again and in any order: the highest version counts', () => {
  const [locked, unlocked, again] = [fact(2, 'locked'), fact(3, 'unlocked'), fact(4, 'locked')] as const;
  expect(after(unlocked, locked)(at(25))).toBe(false);
  expect(after(unlocked, locked)(at(15))).toBe(true);
  expect(after(locked, unlocked, again, locked, unlocked)(at(99))).toBe(true);
});

test('an ended subject stays ended', () => {
  expect(after(fact(4, 'ended'), fact(3, 'unlocked'))(at(99))).toBe(true);
});

test('a token is revoked by its id, whosever it is; one without an id is not', () => {
  const revocations = createRevocations();
  revocations.apply({ kind: 'token', tokenId: 'stolen' });
  expect(revocations.isRevoked({ subject, tokenId: 'stolen', issuedAt: at(99) })).toBe(true);
  expect(revocations.isRevoked({ subject, tokenId: 'other', issuedAt: at(99) })).toBe(false);
  expect(revocations.isRevoked({ subject })).toBe(false);
});
