import { z } from 'zod';
import { id } from '../../lib/ids/ids';
import { defineEvent } from '../../lib/events/define';

const exampleUserId = '0192f3a0-0000-7000-8000-000000000001';

/** A user was created, and may place orders. */
export const userCreated = defineEvent('user.created', {
  stream: 'user',
  versions: [{ schema: z.strictObject({ userId: id, email: z.email(), name: z.string() }) }],
  example: { userId: exampleUserId, email: 'ada@example.com', name: 'Ada Lovelace' },
});

/** The e-mail address or name changed; the event has only what changed. */
export const userUpdated = defineEvent('user.updated', {
  stream: 'user',
  versions: [{ schema: z.strictObject({ userId: id, email: z.email().optional(), name: z.string().optional() }) }],
  example: { userId: exampleUserId, name: 'Ada King' },
});

/** The person was erased: every copy of name and e-mail address must be deleted. */
export const userErased = defineEvent('user.erased', {
  stream: 'user',
  erases: true,
  versions: [{ schema: z.strictObject({ userId: id }) }],
  example: { userId: exampleUserId },
});

export const userEvents = [userCreated, userUpdated, userErased] as const;
