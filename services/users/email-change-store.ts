import type { Kysely } from 'kysely';
import type { UserTables } from './tables';

type Db = Kysely<UserTables>;

export interface StoredEmailChange {
  userId: string;
  tokenHash: Buffer;
  email: string;
  requestedAt: Date;
  expiresAt: Date;
}

/** The address as another user has it, whatever its letter case; undefined when nobody else has it. */
export async function addressOfAnother(db: Db, email: string, userId: string): Promise<string | undefined> {
  const other = await db
    .selectFrom('users')
    .select('email')
    .where((eb) => eb(eb.fn<string>('lower', ['email']), '=', eb.fn<string>('lower', [eb.val(email)])))
    .where('user_id', '<>', userId)
    .executeTakeFirst();
  return other?.email;
}

/** When the user last asked for a change that is still open. */
export async function lastRequestOf(db: Db, userId: string): Promise<Date | undefined> {
  const row = await db
    .selectFrom('email_changes')
    .select('requested_at')
    .where('user_id', '=', userId)
    .executeTakeFirst();
  return row?.requested_at;
}

/** Stores the change instead of the one before: only the newest link works. */
export async function putEmailChange(db: Db, change: StoredEmailChange): Promise<void> {
  const { userId, tokenHash, email, requestedAt, expiresAt } = change;
  const values = { token_hash: tokenHash, email, requested_at: requestedAt, expires_at: expiresAt };
  await db
    .insertInto('email_changes')
    .values({ user_id: userId, ...values })
    .onConflict((conflict) => conflict.column('user_id').doUpdateSet(values))
    .execute();
}

/** The change that a token confirms, unless it is too old. */
export async function findEmailChange(
  db: Db,
  tokenHash: Buffer,
  now: Date,
): Promise<{ userId: string; email: string } | undefined> {
  const row = await db
    .selectFrom('email_changes')
    .select(['user_id', 'email'])
    .where('token_hash', '=', tokenHash)
    .where('expires_at', '>', now)
    .executeTakeFirst();
  return row && { userId: row.user_id, email: row.email };
}

/** Uses up the token; false when somebody else has, or it was replaced. */
export async function takeEmailChange(db: Db, tokenHash: Buffer): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('email_changes')
    .where('token_hash', '=', tokenHash)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Withdraws what the user has asked for. @param email also what others have asked for, of this address */
export async function withdrawEmailChanges(db: Db, userId: string, email?: string): Promise<void> {
  await db
    .deleteFrom('email_changes')
    .where((eb) =>
      eb.or([
        eb('user_id', '=', userId),
        ...(email === undefined
          ? []
          : [eb(eb.fn<string>('lower', ['email']), '=', eb.fn<string>('lower', [eb.val(email)]))]),
      ]),
    )
    .execute();
}

export async function deleteOldEmailChanges(db: Db, now: Date): Promise<void> {
  await db.deleteFrom('email_changes').where('expires_at', '<=', now).execute();
}
