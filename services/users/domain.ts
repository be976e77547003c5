import {
  userCreated,
  userEmailChangeRequested,
  userErased,
  userEvents,
  userLocked,
  userUnlocked,
  userUpdated,
} from '../../contracts/events/user';
import type { CreateUserRequest, UpdateUserRequest } from '../../contracts/http/users';
import { defineAggregate, type Fact } from '../../lib/aggregate/aggregate';
import { platformError } from '../../lib/errors/errors';
import type { DataOf, EventOf } from '../../lib/events/define';

/** A user. */
export interface User {
  userId: string;
  email: string;
  name: string;
  createdAt: Date;
  updatedAt: Date;
  /** Since when operators have locked the user. */
  lockedAt?: Date;
}

export type UserCommand =
  | ({ type: 'create'; userId: string } & CreateUserRequest)
  | { type: 'update'; userId: string; changes: UpdateUserRequest }
  | { type: 'request-email-change'; userId: string; expiresAt: Date; details: string }
  | { type: 'erase' | 'lock' | 'unlock'; userId: string };

type UserEvent = EventOf<(typeof userEvents)[number]>;

/** @throws `not-found`, also for an erased user; `version-conflict` for a second user with the same id. */
function decide(command: UserCommand, user: User | undefined): UserEvent[] {
  const { userId } = command;
  if (command.type === 'create') {
    if (user) throw platformError('version-conflict', `User ${userId} exists already`);
    return [userCreated({ userId, email: command.email, name: command.name })];
  }
  if (!user) throw platformError('not-found', `There is no user ${userId}`);
  switch (command.type) {
    case 'update':
      return update(user, command.changes);
    case 'request-email-change':
      return [
        userEmailChangeRequested({ userId, expiresAt: command.expiresAt.toISOString(), details: command.details }),
      ];
    case 'erase':
      return [userErased({ userId })];
    case 'lock':
      return user.lockedAt ? [] : [userLocked({ userId })];
    case 'unlock':
      return user.lockedAt ? [userUnlocked({ userId })] : [];
  }
}

/** Only what really changes is in the event; without a difference there is none. */
function update(user: User, changes: UpdateUserRequest): UserEvent[] {
  const email = changes.email === user.email ? undefined : changes.email;
  const name = changes.name === user.name ? undefined : changes.name;
  if (email === undefined && name === undefined) return [];
  const changed = { ...(email === undefined ? {} : { email }), ...(name === undefined ? {} : { name }) };
  return [userUpdated({ userId: user.userId, ...changed })];
}

function evolve(user: User | undefined, event: Fact<UserEvent>): User | undefined {
  switch (event.type) {
    case 'user.created':
      return { ...event.data, createdAt: event.time, updatedAt: event.time };
    case 'user.updated':
      return user && afterUpdate(user, event.data, event.time);
    case 'user.email_change_requested':
      return user;
    case 'user.erased':
      return undefined;
    case 'user.locked':
      return user && { ...user, lockedAt: event.time };
    case 'user.unlocked':
      return user && withoutLock(user);
  }
}

/** The user after a change. */
export const afterUpdate = (user: User, { email, name }: DataOf<typeof userUpdated>, time: Date): User => ({
  ...user,
  email: email ?? user.email,
  name: name ?? user.name,
  updatedAt: time,
});

/** The user after an unlock. */
export function withoutLock({ lockedAt: _, ...user }: User): User {
  return user;
}

export const user = defineAggregate({ stream: 'user', events: userEvents, decide, evolve });
