import { z } from 'zod';
import type { Live } from '../lib/config/live';
import { secret } from '../lib/config/secret';
import { encryptionKeys, type EncryptionKey } from '../lib/encryption/keys';
import { createSeal, type Seal } from '../lib/encryption/sealed';

/**
 * What only the services that change an e-mail address and write to it need to know of the change; in events it is sealed.
 * The purposes are equally long, so that not even the length says whether the address is taken.
 */
export const emailChange = z.strictObject({
  /** Where to: the new address, as the user wrote it, or as the other user has it. */
  email: z.string(),
  /** `confirm`: with a link. `warning`: to another user, who has the address already. */
  purpose: z.enum(['confirm', 'warning']),
  /** What the link proves; only its hash is stored. */
  token: z.string(),
});
export type EmailChange = z.infer<typeof emailChange>;

/** The settings of the services that seal changes of e-mail addresses or open them. */
export const emailChangeSettings = {
  /**
   * The keys with which changes of e-mail addresses are sealed (docs/how-to/protect-personal-data.md): the first one seals.
   * Without them, users cannot change theirs.
   */
  EMAIL_CHANGE_KEYS: secret(encryptionKeys).optional(),
};

/** Seals and opens changes of e-mail addresses, with the keys in use; undefined when there are none. */
export function sealOfEmailChange(
  keys: Pick<Live<readonly EncryptionKey[] | undefined>, 'current'>,
): Seal<EmailChange> | undefined {
  if (keys.current() === undefined) return undefined;
  const current = () => keys.current() ?? [];
  return createSeal({ keys: { current }, schema: emailChange, setting: 'EMAIL_CHANGE_KEYS' });
}

/** The query parameter of a link that has its token; the redactor of logs hides it. */
export const linkParameter = 'emailToken';
