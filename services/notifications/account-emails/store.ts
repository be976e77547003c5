import { sql, type Kysely } from 'kysely';
import type { Queryable } from '../../../lib/db/database';
import { derivedId } from '../../../lib/ids/ids';
import type { RowChange } from '../../../lib/projections/projection';
import type { Outcome, Status } from '../domain';
import type { NotificationTables, RecipientRow } from '../tables';

type Db = Kysely<NotificationTables>;

/**
 * Requests an e-mail for each new change of an address, and forgets those of erased users; in the transaction that
 * changes the recipients.
 */
export async function requestAccountEmails(db: Queryable, changes: readonly RowChange<RecipientRow>[]): Promise<void> {
  // Raw SQL, because a projection does not know the types of other tables.
  for (const { before, after } of changes) {
    if (after?.email === null) await sql`delete from account_emails where user_id = ${after.user_id}`.execute(db);
    else if (after && after.change_version !== before?.change_version) await insertAccountEmail(db, after);
  }
}

async function insertAccountEmail(db: Queryable, recipient: RecipientRow): Promise<void> {
  const { user_id, change_version: version, change_details: details, change_expires_at: expiresAt } = recipient;
  if (version === null) return;
  const id = derivedId(user_id, `email-change-${version}`);
  await sql`
    insert into account_emails (notification_id, user_id, version, details, expires_at, created_at, next_attempt_at)
    values (${id}, ${user_id}, ${version}, ${details}, ${expiresAt}, now(), now())
    on conflict do nothing`.execute(db);
}

/** An e-mail that this process has claimed. */
export interface ClaimedAccountEmail {
  notificationId: string;
  userId: string;
  details: string | null;
  expiresAt: Date;
  attempts: number;
  claimedUntil: Date;
}

/** Claims what is due, and counts the attempt before it is made: a claim that expires was perhaps sent. */
export async function claimAccountEmails(
  db: Db,
  limit: number,
  now: Date,
  until: Date,
): Promise<ClaimedAccountEmail[]> {
  // Raw SQL: one round trip, and processes that ask at once do not wait for each other.
  const { rows } = await sql<ClaimedAccountEmail>`
    with due as (
      select notification_id from account_emails
      where status = 'pending' and next_attempt_at <= ${now}
      order by next_attempt_at limit ${limit}
      for update skip locked
    )
    update account_emails e set status = 'sending', attempts = attempts + 1, claimed_until = ${until}
    from due where e.notification_id = due.notification_id
    returning e.notification_id as "notificationId", e.user_id as "userId", e.details, e.expires_at as "expiresAt",
      e.attempts, e.claimed_until as "claimedUntil"`.execute(db);
  return rows;
}

/** Records the outcome and ends the claim. The address and the token are kept no longer than there is another attempt. */
export async function recordAccountEmail(
  db: Db,
  { notificationId, claimedUntil }: Pick<ClaimedAccountEmail, 'notificationId' | 'claimedUntil'>,
  { status, detail, nextAttemptAt, sentAt }: Outcome,
): Promise<void> {
  await db
    .updateTable('account_emails')
    .set({
      status,
      detail: detail?.slice(0, 1_000) ?? null,
      claimed_until: null,
      ...(status === 'pending' ? {} : { details: null }),
      ...(nextAttemptAt ? { next_attempt_at: nextAttemptAt } : {}),
      ...(sentAt ? { sent_at: sentAt } : {}),
    })
    .where('notification_id', '=', notificationId)
    .where('claimed_until', '=', claimedUntil)
    .where('status', 'in', ['sending', 'unknown'])
    .execute();
}

/** Makes e-mails with an expired claim `unknown`: they may have been sent. @returns how many. */
export async function expireAccountClaims(db: Db, now: Date): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('account_emails')
    .set({ status: 'unknown', details: null, detail: 'The process that was sending it stopped, or exceeded its lease' })
    .where('status', '=', 'sending')
    .where('claimed_until', '<', now)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

/** The number of e-mails in each state except `sent`. */
export async function countAccountEmails(db: Db): Promise<{ status: Status; count: number }[]> {
  return db
    .selectFrom('account_emails')
    .select(({ fn }) => ['status', fn.countAll<number>().as('count')])
    .where('status', '<>', 'sent')
    .groupBy('status')
    .execute();
}
