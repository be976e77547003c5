import { z } from 'zod';
import { fixed, type Live } from '../config/live';

/** A 256-bit key, and the id by which payloads refer to it. */
export interface PayloadKey {
  id: string;
  key: Buffer;
}

/** The keys of a process; or those in use, where they may change while it runs. */
export type PayloadKeys = readonly PayloadKey[] | Live<readonly PayloadKey[]>;

export const livePayloadKeys = (keys: PayloadKeys): Live<readonly PayloadKey[]> =>
  'current' in keys ? keys : fixed(keys);

const usage = 'must be <id>:<32 bytes in base64>; separate several keys by commas, the one that encrypts first';

/**
 * The keys of `TEMPORAL_PAYLOAD_KEYS`: the first one encrypts, all of them decrypt. So a new key goes in front, and an
 * old one stays until no history uses it (docs/how-to/protect-personal-data.md).
 */
export const payloadKeys = z.string().transform((text, context): PayloadKey[] => {
  const keys = text.split(',').map((one) => {
    const [id = '', encoded = ''] = one.trim().split(':');
    return { id, key: Buffer.from(encoded, 'base64') };
  });
  const isUsable = keys.every(({ id, key }) => /^[\w.-]{1,64}$/.test(id) && key.length === 32);
  if (isUsable && new Set(keys.map(({ id }) => id)).size === keys.length) return keys;
  context.addIssue({ code: 'custom', message: usage });
  return z.NEVER;
});
