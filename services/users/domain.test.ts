import { expect, test } from '@jest/globals';
import { userCreated, userErased, userUpdated } from '../../contracts/events/user';
import { scenariosOf } from '../../lib/aggregate/testing';
import { user, type UserCommand } from './domain';

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
