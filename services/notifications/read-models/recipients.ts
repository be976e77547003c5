import { exchanges } from '../../../contracts/events';
import { projection } from '../../../lib/projections/projection';
import type { RecipientRow } from '../tables';

/** To whom e-mails are sent: a copy of the users. Of an erased one only the id stays, so that no e-mail waits for it. */
export const recipients = projection<RecipientRow>()({
  name: 'recipients',
  version: 1,
  from: exchanges.users,
  table: 'recipients',
  key: ['user_id'],
  keyOf: (data) => ('userId' in data ? { user_id: data.userId } : undefined),
  on: {
    'user.created': (_, { data: { userId, email, name } }) => ({ user_id: userId, email, name }),
    'user.updated': (row, { data }) => row && { ...row, email: data.email ?? row.email, name: data.name ?? row.name },
    'user.erased': (_, { data: { userId } }) => ({ user_id: userId, email: null, name: null }),
  },
});
