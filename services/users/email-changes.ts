import { createHash } from 'node:crypto';
import type { EmailChange } from '../../contracts/email-change';
import type { UpdateUserRequest } from '../../contracts/http/users';
import type { Database } from '../../lib/db/database';
import type { Seal } from '../../lib/encryption/sealed';
import { platformError } from '../../lib/errors/errors';
import type { CommitNotifier } from '../../lib/eventlog/commit-notifier';
import type { User } from './domain';
import {
  addressOfAnother,
  findEmailChange,
  lastRequestOf,
  putEmailChange,
  takeEmailChange,
} from './email-change-store';
import { refuseTakenEmail, users } from './store';
import type { UserTables } from './tables';

export interface EmailChangeOptions {
  database: Database<UserTables>;
  notifier: Pick<CommitNotifier, 'notify'>;
  /** Without it, no address can be changed. */
  seal: Pick<Seal<EmailChange>, 'seal'> | undefined;
  clock: () => Date;
  /** That many random bytes, for a token. */
  random: (bytes: number) => Buffer;
}

export type EmailChanges = ReturnType<typeof createEmailChanges>;

const linkValidMs = 86_400_000;
/** So that nobody has mail after mail sent to somebody else. */
const pauseMs = 60_000;

/** Changes that users make of themselves: a new e-mail address counts when the link that was sent to it is followed. */
export function createEmailChanges({ database, notifier, seal, clock, random }: EmailChangeOptions) {
  const db = database.kysely;

  /**
   * Changes the name at once, and requests the change of the address. It does the same, and takes as long, whether the
   * address is registered or not: who has it is written to in either case.
   * @throws `not-found`; `too-many-requests` for another address within a minute; `unavailable` without keys.
   */
  async function change(userId: string, { email, name }: UpdateUserRequest): Promise<{ user: User; isOpen: boolean }> {
    const changed = await db.transaction().execute(async (trx) => {
      const now = clock();
      const renaming = { type: 'update' as const, userId, changes: name === undefined ? {} : { name } };
      const { state: user } = await users.handle(trx, userId, renaming, { now });
      if (!user) throw platformError('not-found', `There is no user ${userId}`);
      if (email === undefined || email === user.email) return { user, isOpen: false };
      if (!seal) throw platformError('unavailable', 'E-mail addresses cannot be changed: EMAIL_CHANGE_KEYS is not set');
      refuseSoon(await lastRequestOf(trx, userId), now);
      const token = random(32).toString('base64url');
      const expiresAt = new Date(now.getTime() + linkValidMs);
      const taken = await addressOfAnother(trx, email, userId);
      await putEmailChange(trx, { userId, tokenHash: hashOf(token), email, requestedAt: now, expiresAt });
      const purpose = taken === undefined ? 'confirm' : 'warning';
      const details = seal.seal({ email: taken ?? email, purpose, token }, userId);
      await users.handle(trx, userId, { type: 'request-email-change', userId, expiresAt, details }, { now });
      return { user, isOpen: true };
    });
    notifier.notify();
    return changed;
  }

  /** Whose change a link confirms. @throws `unauthorized` when it is not valid, or not any more. */
  async function ownerOf(token: string): Promise<string> {
    return (await validChange(token)).userId;
  }

  /**
   * Changes the address for which the link was sent; a link works once.
   * @throws `unauthorized` when it is not valid, or not any more; `conflict` when another user has the address meanwhile.
   */
  async function confirm(token: string): Promise<void> {
    const { userId, email } = await validChange(token);
    await db
      .transaction()
      .execute(async (trx) => {
        await users.handle(trx, userId, { type: 'update', userId, changes: { email } }, { now: clock() });
        // Whoever came second waited for the user's row, and finds nothing.
        if (!(await takeEmailChange(trx, hashOf(token)))) invalidLink();
      })
      .catch(refuseTakenEmail);
    notifier.notify();
  }

  async function validChange(token: string): Promise<{ userId: string; email: string }> {
    return (await findEmailChange(db, hashOf(token), clock())) ?? invalidLink();
  }

  return { change, ownerOf, confirm };
}

function refuseSoon(last: Date | undefined, now: Date): void {
  const waitMs = last ? last.getTime() + pauseMs - now.getTime() : 0;
  if (waitMs <= 0) return;
  throw platformError('too-many-requests', 'An e-mail was sent less than a minute ago; look for it, or wait', {
    details: { retryAfterSeconds: Math.ceil(waitMs / 1_000) },
  });
}

/** 256 random bits, so a plain hash is enough: there is nothing to guess. */
const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

function invalidLink(): never {
  throw platformError('unauthorized', 'The link is not valid: it was used, is too old, or a newer one was sent');
}
