import type { z } from 'zod';
import type { Live } from '../config/live';
import { decrypt, encrypt } from './aes-gcm';
import type { EncryptionKey } from './keys';

/** Seals values of one kind in events that many services receive, and opens them where the key is. */
export interface Seal<Value> {
  /** The sealed value as text. @param subject what it belongs to: it cannot be moved to another one. */
  seal(value: Value, subject: string): string;
  /** @throws UnknownSealingKey; Error when the text was changed, or belongs to another subject. */
  open(sealed: string, subject: string): Value;
}

/** A value is sealed with a key that this process does not have. */
export class UnknownSealingKey extends Error {
  constructor(id: string, setting: string) {
    super(`A value is sealed with the key "${id}", which is not in ${setting}; add it after the first`);
    this.name = 'UnknownSealingKey';
  }
}

/** No key has an empty id. */
const inTheClear = '';

/** A value from before values were sealed, in the form of a sealed one; everybody can open it. */
export const unsealed = (value: unknown): string => `${inTheClear}:${encode(Buffer.from(JSON.stringify(value)))}`;

/**
 * Creates a seal: `<key id>:<AES-256-GCM, base64url>`. The first key seals, all of them open.
 * @param setting the name of the setting with the keys, for messages
 */
export function createSeal<Value>(options: {
  keys: Pick<Live<readonly EncryptionKey[]>, 'current'>;
  schema: z.ZodType<Value>;
  setting: string;
}): Seal<Value> {
  const { keys, schema, setting } = options;
  const boundTo = ({ id }: EncryptionKey, subject: string): string => `${id}:${subject}`;
  return {
    seal(value, subject) {
      const [newest] = keys.current();
      if (!newest) throw new Error(`A seal needs a key in ${setting}`);
      const plain = Buffer.from(JSON.stringify(value));
      return `${newest.id}:${encode(encrypt(plain, newest, boundTo(newest, subject)))}`;
    },
    open(sealed, subject) {
      const [id = '', text = ''] = sealed.split(':', 2);
      const data = Buffer.from(text, 'base64url');
      if (id === inTheClear) return schema.parse(JSON.parse(data.toString()));
      const key = keys.current().find((one) => one.id === id);
      if (!key) throw new UnknownSealingKey(id, setting);
      return schema.parse(JSON.parse(decrypt(data, key, boundTo(key, subject)).toString()));
    },
  };
}

const encode = (bytes: Buffer): string => bytes.toString('base64url');
