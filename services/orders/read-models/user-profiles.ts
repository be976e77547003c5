import { exchanges } from '../../../contracts/events';
import { projection } from '../../../lib/projections/projection';
import type { OrderTables } from '../tables';

/** Who may place orders: a copy of the users, so that the order service never calls the user service. */
export const userProfiles = projection<OrderTables['user_profiles']>()({
  name: 'user-profiles',
  version: 1,
  from: exchanges.users,
  table: 'user_profiles',
  key: ['user_id'],
  keyOf: (data) => ('userId' in data ? { user_id: data.userId } : undefined),
  on: {
    'user.created': (_, { data: { userId, email, name } }) => ({ user_id: userId, email, name }),
    'user.updated': (row, { data }) => row && { ...row, email: data.email ?? row.email, name: data.name ?? row.name },
    'user.erased': () => undefined,
  },
});
