import type { CreateUserRequest, UpdateUserRequest } from '../../contracts/http/users';
import { newAggregate } from '../../lib/aggregate/aggregate';
import type { Database } from '../../lib/db/database';
import { platformError } from '../../lib/errors/errors';
import type { IdempotentRequest } from '../../lib/http/idempotency/header';
import { onceForKey } from '../../lib/http/idempotency/once';
import { eraseRequests } from '../../lib/http/idempotency/store';
import type { CommitNotifier } from '../../lib/eventlog/commit-notifier';
import { newId } from '../../lib/ids/new-id';
import type { User } from './domain';
import { withdrawEmailChanges } from './email-change-store';
import { findUser, redactUser, refuseTakenEmail, tokens, users } from './store';
import type { UserTables } from './tables';

export interface UsersOptions {
  database: Database<UserTables>;
  notifier: Pick<CommitNotifier, 'notify'>;
  clock?: () => Date;
  ids?: () => string;
}

export type UsersService = ReturnType<typeof createUsersService>;

/** The operations of the user service; every change and its event are one statement. */
export function createUsersService({ database, notifier, clock = () => new Date(), ids = newId }: UsersOptions) {
  const db = database.kysely;

  /** @throws `not-found` */
  const get = async (userId: string): Promise<User> => (await findUser(db, userId)) ?? unknown(userId);

  /**
   * A new user; for a repeated request, the user that the first one created. Only the id is stored for that, because a
   * stored answer would keep erased data.
   * @throws `conflict` when the e-mail address is taken, `idempotency-key-reused`.
   */
  async function create(request: CreateUserRequest, idempotency?: IdempotentRequest): Promise<User> {
    const { userId } = await onceForKey(db, idempotency, async (inside) => {
      const made = ids();
      const command = { type: 'create' as const, userId: made, ...request };
      await users.handle(inside, made, command, { now: clock(), from: newAggregate }).catch(refuseTakenEmail);
      return { userId: made };
    });
    notifier.notify();
    return get(userId);
  }

  /**
   * The user after a change by somebody who may set the address without a confirmation; an update that changes nothing
   * appends no event.
   * @throws `not-found`, `conflict`
   */
  async function update(userId: string, changes: UpdateUserRequest): Promise<User> {
    const command = { type: 'update' as const, userId, changes };
    const { state } = await users.handle(db, userId, command, { now: clock() }).catch(refuseTakenEmail);
    notifier.notify();
    return state ?? unknown(userId);
  }

  /**
   * Erases the person: here immediately, in every copy when its service receives the event. The facts stay.
   * @throws `not-found`, also when the user was erased before.
   */
  async function erase(userId: string): Promise<void> {
    await db.transaction().execute(async (trx) => {
      const known = (await users.load(trx, [userId])).get(userId)?.state;
      await users.handle(trx, userId, { type: 'erase', userId }, { now: clock() });
      await withdrawEmailChanges(trx, userId, known?.email);
      await redactUser(trx, userId);
      await eraseRequests(trx, 'userId', userId);
    });
    notifier.notify();
  }

  /**
   * Locks or unlocks a user; a user who is already in that state stays as they are. A change of the address that was
   * requested before is withdrawn: it may be what the lock is for.
   * @throws `not-found`
   */
  async function setLock(userId: string, type: 'lock' | 'unlock'): Promise<void> {
    await db.transaction().execute(async (trx) => {
      await users.handle(trx, userId, { type, userId }, { now: clock() });
      await withdrawEmailChanges(trx, userId);
    });
    notifier.notify();
  }

  /** Revokes one token for good, whoever issued it; a token that is already revoked stays revoked. */
  async function revokeToken(tokenId: string): Promise<void> {
    await tokens.handle(db, tokenId, { type: 'revoke', tokenId }, { now: clock() });
    notifier.notify();
  }

  return {
    create,
    update,
    erase,
    get,
    setLock,
    revokeToken,
  };
}

function unknown(userId: string): never {
  throw platformError('not-found', `There is no user ${userId}`);
}
