import { z } from 'zod';
import { id } from '../../lib/ids/ids';
import { requestedLine } from '../text';

const email = z.email().max(254);
const name = requestedLine(200);

/** `POST /users` */
export const createUserRequest = z.strictObject({ email, name });
export type CreateUserRequest = z.infer<typeof createUserRequest>;

/** `PATCH /users/:id`: absent fields stay as they are. */
export const updateUserRequest = z
  .strictObject({ email: email.optional(), name: name.optional() })
  .refine((change) => change.email !== undefined || change.name !== undefined, 'give an email or a name to change');
export type UpdateUserRequest = z.infer<typeof updateUserRequest>;

/** A user, as every user route returns it. */
export const userResponse = z.strictObject({
  userId: id,
  email: z.string(),
  name: z.string(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  /** Since when the user is locked; absent otherwise. */
  lockedAt: z.iso.datetime().optional(),
});
export type UserResponse = z.infer<typeof userResponse>;

/** `POST /ops/users/:id/lock` and `/unlock`, `POST /ops/tokens/:jti/revoke`: why, for the audit log. */
export const accessRequest = z.strictObject({ reason: z.string().trim().min(1).max(500).optional() });
export const lockedResponse = z.strictObject({ userId: id, locked: z.boolean() });
export const revokedResponse = z.strictObject({ tokenId: z.string(), revoked: z.literal(true) });
