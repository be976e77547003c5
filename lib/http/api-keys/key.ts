import { createHash, randomBytes } from 'node:crypto';
import { namespace } from '../../config/namespace';

/** A new API key; only its creator ever sees the text. */
export interface NewKey {
  text: string;
  /** Its beginning, by which people tell keys apart. */
  prefix: string;
  hash: Buffer;
}

const begins = `${namespace}_`;

/** 256 random bits, so a plain hash is enough: there is nothing to guess. */
export function newKey(random: (bytes: number) => Buffer = randomBytes): NewKey {
  const prefix = `${begins}${random(6).toString('hex')}`;
  const text = `${prefix}_${random(32).toString('base64url')}`;
  return { text, prefix, hash: hashOf(text) };
}

/** Whether a bearer credential claims to be an API key. */
export const isApiKey = (text: string): boolean => text.startsWith(begins);

export const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();
