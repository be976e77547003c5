import { createSecretKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { fixed, type Live } from '../config/live';

/** A 256-bit key, and the id by which what it encrypted refers to it. */
export interface EncryptionKey {
  id: string;
  /** Not its bytes: measured, a cipher that is given those takes ten times as long to create. */
  key: KeyObject;
}

/** The keys of a process; or those in use, where they may change while it runs. */
export type EncryptionKeys = readonly EncryptionKey[] | Live<readonly EncryptionKey[]>;

export const liveKeys = (keys: EncryptionKeys): Live<readonly EncryptionKey[]> =>
  'current' in keys ? keys : fixed(keys);

const usage = 'must be <id>:<32 bytes in base64>; separate several keys by commas, the one that encrypts first';

/**
 * A setting with keys: the first one encrypts, all of them decrypt. So a new key goes in front, and an old one stays until
 * nothing that it encrypted is needed.
 */
export const encryptionKeys = z.string().transform((text, context): EncryptionKey[] => {
  const keys = text.split(',').map((one) => {
    const [id = '', encoded = ''] = one.trim().split(':');
    return { id, bytes: Buffer.from(encoded, 'base64') };
  });
  const isUsable = keys.every(({ id, bytes }) => /^[\w.-]{1,64}$/.test(id) && bytes.length === 32);
  if (isUsable && new Set(keys.map(({ id }) => id)).size === keys.length)
    return keys.map(({ id, bytes }) => ({ id, key: createSecretKey(bytes) }));
  context.addIssue({ code: 'custom', message: usage });
  return z.NEVER;
});
