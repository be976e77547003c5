import { exchanges } from '../../../contracts/events';
import { projection } from '../../../lib/projections/projection';
import { applyUpdate } from '../domain';
import { rowOf, userOf } from '../store';
import type { UserRow } from '../tables';

/** The users as they are: written together with their events. */
export const userList = projection<UserRow>()({
  name: 'users',
  version: 1,
  from: exchanges.users,
  table: 'users',
  key: ['user_id'],
  keyOf: ({ userId }) => ({ user_id: userId }),
  on: {
    'user.created': (_, { data, version, time }) => rowOf({ ...data, version, createdAt: time, updatedAt: time }),
    'user.updated': (row, { data, time }) => row && rowOf(applyUpdate(userOf(row), data, time)),
    'user.erased': () => undefined,
  },
});
