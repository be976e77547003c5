import { z } from 'zod';
import { id } from '../../lib/ids/ids';
import { defineEvent } from '../../lib/events/define';

const exampleUserId = '0192f3a0-0000-7000-8000-000000000001';

/** Somebody may place orders from now on. */
export const userCreated = defineEvent('user.created', {
  stream: 'user',
  versions: [{ schema: z.strictObject({ userId: id, email: z.email(), name: z.string() }) }],
  example: { userId: exampleUserId, email: 'ada@example.com', name: 'Ada Lovelace' },
});

/** E-mail or name changed; only what changed is in the event. */
export const userUpdated = defineEvent('user.updated', {
  stream: 'user',
  versions: [{ schema: z.strictObject({ userId: id, email: z.email().optional(), name: z.string().optional() }) }],
  example: { userId: exampleUserId, name: 'Ada King' },
});

/** The person asked to be forgotten: every copy of name and e-mail must go. */
export const userErased = defineEvent('user.erased', {
  stream: 'user',
  erases: true,
  versions: [{ schema: z.strictObject({ userId: id }) }],
  example: { userId: exampleUserId },
});

export const userEvents = [userCreated, userUpdated, userErased] as const;
