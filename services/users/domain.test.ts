import { expect, test } from '@jest/globals';
import {
  tokenRevoked,
  userCreated,
  userEmailChangeRequested,
  userErased,
  userLocked,
  userUnlocked,
  userUpdated,
} from '../../contracts/events/user';
import { scenariosOf } from '../../lib/aggregate/testing';
import { user, type UserCommand } from './domain';
import { token } from './token';

const given = scenariosOf(user);
const userId = '0192f3a0-0000-7000-8000-000000000001';
const created = userCreated({ userId, email: 'ada@example.com', name: 'Ada Lovelace' });
const update = (changes: { email?: string; name?: string }): UserCommand => ({ type: 'update', userId, changes });
const erase: UserCommand = { type: 'erase', userId };

test('a user is created once', () => {
  const create: UserCommand = { type: 'create', userId, email: 'ada@example.com', name: 'Ada Lovelace' };
  given().when(create).then(created);
  given(created).when(create).thenRefused('version-conflict');
});

test('only what really changes is in the event', () => {
  given(created)
    .when(update({ email: 'ada@example.com', name: 'Ada King' }))
    .then(userUpdated({ userId, name: 'Ada King' }));
  given(created)
    .when(update({ email: 'a@example.com' }))
    .then(userUpdated({ userId, email: 'a@example.com' }));
});

test('a change that changes nothing is no event', () => {
  given(created)
    .when(update({ email: 'ada@example.com', name: 'Ada Lovelace' }))
    .then();
});

test('the change is applied', () => {
  const changed = given(created).when(update({ name: 'Ada King' }));
  expect(changed.state()).toMatchObject({ email: 'ada@example.com', name: 'Ada King' });
});

test('a person is erased once, and is then unknown', () => {
  given(created).when(erase).then(userErased({ userId }));
  given(created).when(erase, erase).thenRefused('not-found');
  given(created, userErased({ userId }))
    .when(update({ name: 'Ada King' }))
    .thenRefused('not-found');
});

test('a lock is written once, and an unlock only of a locked user', () => {
  const [lock, unlock]: [UserCommand, UserCommand] = [
    { type: 'lock', userId },
    { type: 'unlock', userId },
  ];
  given(created).when(lock).then(userLocked({ userId }));
  given(created, userLocked({ userId })).when(lock).then();
  given(created).when(unlock).then();
  const unlocked = given(created, userLocked({ userId })).when(unlock);
  unlocked.then(userUnlocked({ userId }));
  expect(unlocked.state()).not.toHaveProperty('lockedAt');
  expect(given(created).when(lock).state()).toMatchObject({ lockedAt: expect.any(Date) });
});

test('a change of a locked user keeps the lock', () => {
  const changed = given(created, userLocked({ userId })).when(update({ name: 'Ada King' }));
  expect(changed.state()).toMatchObject({ name: 'Ada King', lockedAt: expect.any(Date) });
});

test('a token is revoked once', () => {
  const revoke = { type: 'revoke', tokenId: 'a-token' } as const;
  scenariosOf(token)()
    .when(revoke)
    .then(tokenRevoked({ tokenId: 'a-token' }));
  scenariosOf(token)(tokenRevoked({ tokenId: 'a-token' }))
    .when(revoke)
    .then();
});

test('a requested change of the address changes nothing yet', () => {
  const request: UserCommand = { type: 'request-email-change', userId, expiresAt: new Date(0), details: 'test:sealed' };
  const asked = given(created).when(request);
  asked.then(userEmailChangeRequested({ userId, expiresAt: new Date(0).toISOString(), details: 'test:sealed' }));
  expect(asked.state()).toEqual(given(created).when().state());
  given().when(request).thenRefused('not-found');
});
