import { exchanges } from '../../../contracts/events';
import { projection } from '../../../lib/projections/projection';
import { requestAccountEmails } from '../account-emails/store';
import type { RecipientRow } from '../tables';

/** There is no change of the address under way. */
const noChange = { change_version: null, change_details: null, change_expires_at: null };

/**
 * To whom e-mails are sent: a copy of the users, and the change of their address that they asked for last. Of an erased one
 * only the id stays, so that no e-mail waits for it.
 */
export const recipients = projection<RecipientRow>()({
  name: 'recipients',
  version: 1,
  from: exchanges.users,
  table: 'recipients',
  key: ['user_id'],
  keyOf: (data) => ('userId' in data ? { user_id: data.userId } : undefined),
  on: {
    'user.created': (_, { data: { userId, email, name } }) => ({ user_id: userId, email, name, ...noChange }),
    'user.updated': (row, { data }) =>
      row && {
        ...row,
        name: data.name ?? row.name,
        ...(data.email === undefined ? {} : { email: data.email, ...noChange }),
      },
    'user.email_change_requested': (row, { data: { expiresAt, details }, version }) =>
      row && { ...row, change_version: version, change_details: details, change_expires_at: new Date(expiresAt) },
    'user.erased': (_, { data: { userId } }) => ({ user_id: userId, email: null, name: null, ...noChange }),
  },
  changed: requestAccountEmails,
});
