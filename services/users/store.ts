import { sql, type Kysely, type Transaction } from 'kysely';
import { createHandler, type Change } from '../../lib/aggregate/handle';
import { folded, locked, type StoredState } from '../../lib/aggregate/loading';
import { rowInsert, type Write } from '../../lib/db/writes';
import { platformError } from '../../lib/errors/errors';
import { redactStream } from '../../lib/eventlog/redact';
import { user, type User, type UserCommand } from './domain';
import { token } from './token';
import type { UserRow, UserTables } from './tables';

type Db = Kysely<UserTables>;
type Trx = Transaction<UserTables>;

/** Commands to one user run one after another: each locks the user's row. */
export const users = createHandler(user, {
  loading: locked(lockUsers),
  rows: (changes) => changes.map(rowWrite),
});

/** Revocations of single tokens; each is a stream of one event, and has no row. */
export const tokens = createHandler(token, { loading: folded(), rows: () => [] });

/** Erases the person from the log, which keeps the facts without name and e-mail address. */
export const redactUser = (trx: Trx, userId: string): Promise<void> => redactStream(trx, user.streamOf(userId));

export async function findUser(db: Db, userId: string): Promise<User | undefined> {
  const row = await db.selectFrom('users').selectAll().where('user_id', '=', userId).executeTakeFirst();
  return row && userOf(row);
}

async function lockUsers(trx: Db, ids: readonly string[]): Promise<StoredState<User>[]> {
  const found = trx.selectFrom('users').selectAll().where('user_id', 'in', ids).orderBy('user_id').forUpdate();
  const rows = await found.execute();
  return rows.map((row) => ({ id: row.user_id, state: userOf(row), version: row.version, time: row.updated_at }));
}

function rowWrite({ id, before, after }: Change<UserCommand, User, unknown>): Write {
  if (!after.state) return sql`delete from users where user_id = ${id}`;
  const row = rowOf(after.state, after.version);
  if (!before.state) return rowInsert('users', row);
  const { email, name, version, updated_at, locked_at } = row;
  return sql`
    update users set email = ${email}, name = ${name}, version = ${version}, updated_at = ${updated_at},
      locked_at = ${locked_at}
    where user_id = ${id}`;
}

/** @throws `conflict` for an error that says that another user has the e-mail address; any other error as it is. */
export function refuseTakenEmail(error: unknown): never {
  if ((error as { constraint?: string }).constraint !== 'users_email') throw error;
  throw platformError('conflict', 'Another user has this e-mail address; use a different one', { field: 'email' });
}

export const rowOf = (user: User, version: number): UserRow => ({
  user_id: user.userId,
  email: user.email,
  name: user.name,
  version,
  created_at: user.createdAt,
  updated_at: user.updatedAt,
  locked_at: user.lockedAt ?? null,
});

export const userOf = (row: UserRow): User => ({
  userId: row.user_id,
  email: row.email,
  name: row.name,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  ...(row.locked_at ? { lockedAt: row.locked_at } : {}),
});
