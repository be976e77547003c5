import { v7 as uuidv7 } from 'uuid';
import { userCreated, userErased } from '../../contracts/events/user';
import type { CreateUserRequest, UpdateUserRequest } from '../../contracts/http/users';
import type { Database } from '../../lib/db/database';
import { fail } from '../../lib/errors/errors';
import { timeAfter } from '../../lib/eventlog/append';
import type { Waker } from '../../lib/eventlog/wake';
import { applyUpdate, decideUpdate, type User } from './domain';
import { eraseUser, findUser, insertUser, lockUser, updateUser } from './store';
import type { UserTables } from './tables';

export interface UsersOptions {
  database: Database<UserTables>;
  waker: Pick<Waker, 'wake'>;
  clock?: () => Date;
  ids?: () => string;
}

export type UsersService = ReturnType<typeof createUsersService>;

/** What the user service can do; every change and its event are one transaction. */
export function createUsersService({ database, waker, clock = () => new Date(), ids = uuidv7 }: UsersOptions) {
  const db = database.kysely;

  /** @throws `conflict` when the e-mail address is taken. */
  async function create({ email, name }: CreateUserRequest): Promise<User> {
    const now = clock();
    const user: User = { userId: ids(), email, name, version: 1, createdAt: now, updatedAt: now };
    const event = userCreated({ userId: user.userId, email, name });
    await db.transaction().execute((trx) => insertUser(trx, user, event));
    waker.wake();
    return user;
  }

  /** The user after the change; a change that changes nothing makes no event. @throws `not-found`, `conflict` */
  async function update(userId: string, wish: UpdateUserRequest): Promise<User> {
    const after = await db.transaction().execute(async (trx) => {
      const user = (await lockUser(trx, userId)) ?? unknown(userId);
      const event = decideUpdate(user, wish);
      if (!event) return user;
      const changed = applyUpdate(user, event.data, timeAfter(user.updatedAt, clock()));
      await updateUser(trx, changed, event);
      return changed;
    });
    waker.wake();
    return after;
  }

  /**
   * Forgets the person: here at once, in every service that has a copy when it hears of it. The facts stay.
   * @throws `not-found`, also when they were erased before.
   */
  async function erase(userId: string): Promise<void> {
    await db.transaction().execute(async (trx) => {
      const user = (await lockUser(trx, userId)) ?? unknown(userId);
      await eraseUser(trx, user, userErased({ userId }), clock());
    });
    waker.wake();
  }

  return {
    create,
    update,
    erase,
    /** @throws `not-found` */
    get: async (userId: string): Promise<User> => (await findUser(db, userId)) ?? unknown(userId),
  };
}

function unknown(userId: string): never {
  throw fail('not-found', `There is no user ${userId}`);
}
