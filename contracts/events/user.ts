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

/**
 * A user asked for another e-mail address, which changes (`user.updated`) when the link in an e-mail to the new address is
 * followed. `details` has the new address and the link's token, sealed for the services that write that e-mail.
 */
export const userEmailChangeRequested = defineEvent('user.email_change_requested', {
  stream: 'user',
  versions: [{ schema: z.strictObject({ userId: id, expiresAt: z.iso.datetime(), details: z.string() }) }],
  example: { userId: exampleUserId, expiresAt: '2026-01-31T12:00:00.000Z', details: '2026:c2VhbGVk' },
});

/** The person was erased: every copy of name and e-mail address must be deleted. */
export const userErased = defineEvent('user.erased', {
  stream: 'user',
  erases: true,
  versions: [{ schema: z.strictObject({ userId: id }) }],
  example: { userId: exampleUserId },
});

/** Operators locked the user: their tokens are refused until they are unlocked, and those issued before it for good. */
export const userLocked = defineEvent('user.locked', {
  stream: 'user',
  versions: [{ schema: z.strictObject({ userId: id }) }],
  example: { userId: exampleUserId },
});

/** The lock was lifted: tokens that are issued from now on are accepted. */
export const userUnlocked = defineEvent('user.unlocked', {
  stream: 'user',
  versions: [{ schema: z.strictObject({ userId: id }) }],
  example: { userId: exampleUserId },
});

/** The id of a token, its claim `jti`, as any issuer may write it. */
export const tokenId = z.string().regex(/^[\w.:~+/=|-]{1,200}$/, 'letters, digits and . : ~ + / = | - _');

/** One token is refused from now on. */
export const tokenRevoked = defineEvent('token.revoked', {
  stream: 'token',
  versions: [{ schema: z.strictObject({ tokenId }) }],
  example: { tokenId: '0192f3a0-0000-7000-8000-00000000000f' },
});

export const userEvents = [
  userCreated,
  userUpdated,
  userEmailChangeRequested,
  userErased,
  userLocked,
  userUnlocked,
] as const;
export const tokenEvents = [tokenRevoked] as const;
