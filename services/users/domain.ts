import type { DataOf, EventOf } from '../../lib/events/define';
import { userUpdated } from '../../contracts/events/user';
import type { UpdateUserRequest } from '../../contracts/http/users';

/** A user as the service knows them. */
export interface User {
  userId: string;
  email: string;
  name: string;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

/** What a wished change really changes; undefined when everything is so already. */
export function decideUpdate(user: User, wish: UpdateUserRequest): EventOf<typeof userUpdated> | undefined {
  const email = wish.email === user.email ? undefined : wish.email;
  const name = wish.name === user.name ? undefined : wish.name;
  if (email === undefined && name === undefined) return undefined;
  return userUpdated({
    userId: user.userId,
    ...(email === undefined ? {} : { email }),
    ...(name === undefined ? {} : { name }),
  });
}

/** The user after the change. */
export const applyUpdate = (user: User, data: DataOf<typeof userUpdated>, now: Date): User => ({
  ...user,
  email: data.email ?? user.email,
  name: data.name ?? user.name,
  version: user.version + 1,
  updatedAt: now,
});
