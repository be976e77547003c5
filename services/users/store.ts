import type { Kysely, Transaction } from 'kysely';
import type { NewEvent } from '../../lib/events/define';
import { fail } from '../../lib/errors/errors';
import { appendEvents } from '../../lib/eventlog/append';
import { redactStream } from '../../lib/eventlog/redact';
import type { User } from './domain';
import type { UserRow, UserTables } from './tables';

type Db = Kysely<UserTables>;
type Trx = Transaction<UserTables>;

/** Writes a new user with their first event. @throws `conflict` when the e-mail address is taken. */
export async function insertUser(trx: Trx, user: User, event: NewEvent): Promise<void> {
  await trx.insertInto('users').values(rowOf(user)).execute().catch(refuseTakenEmail);
  await append(trx, user, event);
}

/** Writes what changed of a user. @throws `conflict` when the e-mail address is taken. */
export async function updateUser(trx: Trx, user: User, event: NewEvent): Promise<void> {
  const { user_id, ...changed } = rowOf(user);
  await trx.updateTable('users').set(changed).where('user_id', '=', user_id).execute().catch(refuseTakenEmail);
  await append(trx, user, event);
}

/** Takes the person out: the row goes, the log keeps the facts without name and e-mail address. */
export async function eraseUser(trx: Trx, { userId, version }: User, event: NewEvent, now: Date): Promise<void> {
  await trx.deleteFrom('users').where('user_id', '=', userId).execute();
  await appendEvents(trx, [{ stream: streamOf(userId), expectedVersion: version, events: [event] }], { now });
  await redactStream(trx, streamOf(userId), erased);
}

/** What stands in the log for an erased person; it fits the events' schemas. */
const erased = { email: 'erased@erased.invalid', name: 'erased' };

export async function findUser(db: Db, userId: string): Promise<User | undefined> {
  const row = await db.selectFrom('users').selectAll().where('user_id', '=', userId).executeTakeFirst();
  return row && userOf(row);
}

/** As `findUser`, and nobody else changes the user until the transaction ends. */
export async function lockUser(trx: Trx, userId: string): Promise<User | undefined> {
  const row = await trx.selectFrom('users').selectAll().where('user_id', '=', userId).forUpdate().executeTakeFirst();
  return row && userOf(row);
}

const streamOf = (userId: string): string => `user-${userId}`;

const append = (trx: Trx, { userId, version, updatedAt }: User, event: NewEvent): Promise<void> =>
  appendEvents(trx, [{ stream: streamOf(userId), expectedVersion: version - 1, events: [event] }], { now: updatedAt });

function refuseTakenEmail(error: unknown): never {
  const { constraint } = error as { constraint?: string };
  if (constraint !== 'users_email') throw error;
  throw fail('conflict', 'There is a user with this e-mail address', { field: 'email' });
}

export const rowOf = (user: User): UserRow => ({
  user_id: user.userId,
  email: user.email,
  name: user.name,
  version: user.version,
  created_at: user.createdAt,
  updated_at: user.updatedAt,
});

export const userOf = (row: UserRow): User => ({
  userId: row.user_id,
  email: row.email,
  name: row.name,
  version: row.version,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});
