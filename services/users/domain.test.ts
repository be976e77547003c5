import { expect, test } from '@jest/globals';
import { userUpdated } from '../../contracts/events/user';
import { applyUpdate, decideUpdate, type User } from './domain';

const then = new Date('2026-01-01T00:00:00Z');
const now = new Date('2026-01-02T00:00:00Z');
const userId = '0192f3a0-0000-7000-8000-000000000001';
const ada: User = {
  userId,
  email: 'ada@example.com',
  name: 'Ada Lovelace',
  version: 3,
  createdAt: then,
  updatedAt: then,
};

test('only what really changes is in the event', () => {
  expect(decideUpdate(ada, { email: 'ada@example.com', name: 'Ada King' })).toEqual(
    userUpdated({ userId, name: 'Ada King' }),
  );
  expect(decideUpdate(ada, { email: 'a@example.com' })).toEqual(userUpdated({ userId, email: 'a@example.com' }));
});

test('a change that changes nothing is no event', () => {
  expect(decideUpdate(ada, { email: ada.email, name: ada.name })).toBeUndefined();
});

test('the change is applied, and counted', () => {
  expect(applyUpdate(ada, { userId, name: 'Ada King' }, now)).toEqual({
    ...ada,
    name: 'Ada King',
    version: 4,
    updatedAt: now,
  });
});
