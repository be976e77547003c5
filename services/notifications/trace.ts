import { isId } from '../../lib/ids/ids';
import type { TraceNote, TraceReader } from '../../lib/service/trace';
import type { Notification } from './domain';
import { findOrderOfNotification, notificationsOfOrder, type Db } from './store';

/** The e-mails about an order; to whom they went is not said. */
export const traceEmails = (db: Db): TraceReader => ({
  source: 'email',
  subjectOf: async (id) => (isId(id) ? findOrderOfNotification(db, id) : undefined),
  read: async (orderId) => ({
    events: [],
    notes: ((await notificationsOfOrder(db, orderId))?.items ?? []).flatMap(notesOf),
    omitted: 0,
  }),
});

function notesOf(email: Notification): TraceNote[] {
  const { notificationId, eventId, kind, status, attempts, detail, createdAt, sentAt } = email;
  const name = `E-mail "${kind.replaceAll('_', ' ')}"`;
  const details = { notificationId, status, attempts };
  const requested = { at: createdAt, kind: 'requested', text: `${name} was requested`, details, after: eventId };
  if (status === 'sent' && sentAt)
    return [requested, { at: sentAt, kind: 'sent', text: `${name} was sent${triedOften(attempts)}`, details }];
  const text = `${name} is ${status.replaceAll('-', ' ')}${triedOften(attempts)}`;
  return [requested, { at: createdAt, kind: status, text, details, ...(detail === undefined ? {} : { why: detail }) }];
}

const triedOften = (attempts: number): string => (attempts > 1 ? ` (attempt ${attempts})` : '');
