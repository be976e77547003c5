import { exchanges } from '../../../contracts/events';
import { projection } from '../../../lib/projections/projection';
import { afterUpdate, withoutLock } from '../domain';
import { rowOf, userOf } from '../store';
import type { UserRow } from '../tables';

/** The current users; written together with their events. */
export const userList = projection<UserRow>()({
  name: 'users',
  version: 1,
  from: exchanges.users,
  table: 'users',
  key: ['user_id'],
  keyOf: (data) => ('userId' in data ? { user_id: data.userId } : undefined),
  on: {
    'user.created': (_, { data, version, time }) => rowOf({ ...data, createdAt: time, updatedAt: time }, version),
    'user.updated': (row, { data, version, time }) => row && rowOf(afterUpdate(userOf(row), data, time), version),
    'user.email_change_requested': (row, { version }) => row && rowOf(userOf(row), version),
    'user.erased': () => undefined,
    'user.locked': (row, { version, time }) => row && rowOf({ ...userOf(row), lockedAt: time }, version),
    'user.unlocked': (row, { version }) => row && rowOf(withoutLock(userOf(row)), version),
  },
});
