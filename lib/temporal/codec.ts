import type { DataConverter, Payload, PayloadCodec } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import { decrypt, encrypt } from '../encryption/aes-gcm';
import { liveKeys, type EncryptionKey, type EncryptionKeys } from '../encryption/keys';

const encoding = Buffer.from('binary/encrypted');
const proto = temporal.api.common.v1.Payload;

/** A payload is encrypted with a key that this process does not have. */
export class UnknownPayloadKey extends Error {
  constructor(id: string) {
    super(`A payload is encrypted with the key "${id}", which is not in TEMPORAL_PAYLOAD_KEYS; add it after the first`);
    this.name = 'UnknownPayloadKey';
  }
}

/** A payload is not encrypted, and this process accepts no such payload. */
export class PlainPayload extends Error {
  constructor() {
    super('A payload is not encrypted, and TEMPORAL_PAYLOADS=strict refuses it');
    this.name = 'PlainPayload';
  }
}

/** Whether payloads that are not encrypted are accepted: `strict` refuses them. */
export const payloadModes = ['accept-plain', 'strict'] as const;
export type PayloadMode = (typeof payloadModes)[number];

/**
 * Encrypts the payloads of workflows and activities that Temporal stores, with AES-256-GCM and the first key: the data
 * of a payload is nonce, tag and ciphertext, bound to the id of the key. Decrypts with any of the keys.
 * @param options.refusePlain refuses payloads that are not encrypted; by default they pass unchanged, as they may have been
 * written before encryption was enabled.
 * @throws UnknownPayloadKey, PlainPayload; an Error for a payload that was tampered with.
 */
export function createPayloadCodec(
  keys: EncryptionKeys,
  { refusePlain = false }: { refusePlain?: boolean } = {},
): PayloadCodec {
  const live = liveKeys(keys);
  const newestKey = (): EncryptionKey => {
    const [newest] = live.current();
    if (!newest) throw new Error('A payload codec needs a key');
    return newest;
  };
  newestKey();
  const decode = (payload: Payload): Payload => {
    if (!encoding.equals(payload.metadata?.['encoding'] ?? Buffer.alloc(0))) {
      if (refusePlain) throw new PlainPayload();
      return payload;
    }
    const id = Buffer.from(payload.metadata?.['encryption-key-id'] ?? []).toString();
    const key = live.current().find((one) => one.id === id);
    if (!key) throw new UnknownPayloadKey(id);
    return proto.decode(decrypt(Buffer.from(payload.data ?? []), key, key.id));
  };
  const encode = (payload: Payload): Payload => {
    const newest = newestKey();
    return {
      metadata: { encoding, 'encryption-key-id': Buffer.from(newest.id) },
      data: encrypt(proto.encode(payload).finish(), newest, newest.id),
    };
  };
  return {
    encode: (payloads) => Promise.resolve(payloads.map(encode)),
    decode: (payloads) => new Promise((resolve) => resolve(payloads.map(decode))),
  };
}

/** The module of the failure converter that goes with encrypted payloads. */
export const failureConverterPath = require.resolve('./failure-converter');

/**
 * The data converter of clients and workers. With keys it also encrypts the messages and stacks of failures; without keys
 * nothing is encrypted.
 */
export const dataConverterOf = (keys: EncryptionKeys | undefined, mode?: PayloadMode): DataConverter =>
  keys
    ? {
        payloadCodecs: [createPayloadCodec(keys, { refusePlain: mode === 'strict' })],
        failureConverterPath,
      }
    : {};
