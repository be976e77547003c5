import { createCipheriv, createDecipheriv } from 'node:crypto';
import { randomBytes } from '../ids/random-bytes';
import type { EncryptionKey } from './keys';

const ivBytes = 12;
const tagBytes = 16;

/**
 * Encrypts with AES-256-GCM (NIST SP 800-38D): nonce, tag and ciphertext, bound to a text that decrypting must repeat. The
 * nonces are random, so a key must be replaced before it has encrypted 2^32 texts.
 */
export function encrypt(plain: Uint8Array, { key }: EncryptionKey, boundTo: string): Buffer {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(boundTo));
  const text = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), text]);
}

/** @throws Error when the data was not encrypted with this key and text, or was changed since. */
export function decrypt(data: Buffer, { key }: EncryptionKey, boundTo: string): Buffer {
  const [iv, tag, text] = [
    data.subarray(0, ivBytes),
    data.subarray(ivBytes, ivBytes + tagBytes),
    data.subarray(ivBytes + tagBytes),
  ];
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes });
  decipher.setAAD(Buffer.from(boundTo)).setAuthTag(tag);
  return Buffer.concat([decipher.update(text), decipher.final()]);
}
