import { exchanges } from '../../../contracts/events';
import { projection } from '../../../lib/inbox/projection';
import type { OrderTables } from '../tables';
import { changeUserProfile, removeUserProfile, saveUserProfile } from './store';

/** Who may place orders: the order service's own copy of the users, so that it never calls the user service. */
export const userProfiles = projection<OrderTables>()({
  name: 'user_profiles',
  version: 1,
  from: exchanges.users,
  on: {
    'user.created': ({ userId, email, name }, db) => saveUserProfile(db, { user_id: userId, email, name }),
    'user.updated': ({ userId, ...change }, db) => changeUserProfile(db, userId, change),
    'user.erased': ({ userId }, db) => removeUserProfile(db, userId),
  },
});
