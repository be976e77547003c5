import { createSecretKey, randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { defaultPayloadConverter } from '@temporalio/common';
import { createPayloadCodec } from './codec';
import { product } from '../../tests/lib-support/product';
import { createCodecServer } from './codec-server';
import { encryptionKeys, type EncryptionKey } from '../encryption/keys';

const key = (id: string): EncryptionKey => ({ id, key: createSecretKey(randomBytes(32)) });
const [old, young] = [key('2025'), key('2026')];
const plain = defaultPayloadConverter.toPayload({ name: 'Ada Lovelace' });

test('encrypted payloads reveal nothing, and are decrypted', async () => {
  const codec = createPayloadCodec([young]);
  const [sealed] = await codec.encode([plain]);
  expect(Buffer.from(sealed?.data ?? []).toString('latin1')).not.toContain('Ada');
  expect(await codec.decode([sealed ?? {}])).toMatchObject([{ data: plain.data }]);
});

test('the same payload is never encrypted to the same bytes', async () => {
  const [first, second] = await createPayloadCodec([young]).encode([plain, plain]);
  expect(first?.data).not.toEqual(second?.data);
});

test('after a rotation the new key encrypts, and the old one still decrypts', async () => {
  const [before] = await createPayloadCodec([old]).encode([plain]);
  const rotated = createPayloadCodec([young, old]);
  const [after] = await rotated.encode([plain]);
  expect(Buffer.from(after?.metadata?.['encryption-key-id'] ?? []).toString()).toBe('2026');
  expect(await rotated.decode([before ?? {}, after ?? {}])).toMatchObject([{ data: plain.data }, { data: plain.data }]);
});

test('payloads from before encryption was enabled are read as they are', async () => {
  expect(await createPayloadCodec([young]).decode([plain])).toEqual([plain]);
});

test('in strict mode, a payload that is not encrypted is refused', async () => {
  const strict = createPayloadCodec([young], { refusePlain: true });
  const sealed = await strict.encode([plain]);
  expect(await strict.decode(sealed)).toMatchObject([{ data: plain.data }]);
  await expect(strict.decode([plain])).rejects.toThrow('A payload is not encrypted');
  await expect(strict.decode([...sealed, {}])).rejects.toThrow('A payload is not encrypted');
});

test('a missing key is named', async () => {
  const sealed = await createPayloadCodec([old]).encode([plain]);
  await expect(createPayloadCodec([young]).decode(sealed)).rejects.toThrow('encrypted with the key "2025"');
});

test('a payload that was tampered with, or moved to another key, is refused', async () => {
  const codec = createPayloadCodec([young, { id: 'copy', key: young.key }]);
  const [sealed] = await codec.encode([plain]);
  const data = Buffer.from(sealed?.data ?? []);
  const moved = { ...sealed?.metadata, 'encryption-key-id': Buffer.from('copy') };
  await expect(codec.decode([{ data, metadata: moved }])).rejects.toThrow();
  data.writeUInt8(data.readUInt8(data.length - 1) ^ 1, data.length - 1);
  await expect(codec.decode([{ ...sealed, data }])).rejects.toThrow();
  await expect(codec.decode([{ ...sealed, data: data.subarray(0, 20) }])).rejects.toThrow();
});

test.each(['', 'a', 'a:c2hvcnQ=', `a b:${randomBytes(32).toString('base64')}`, 'a:,b:'])('%j is no key', (text) => {
  expect(encryptionKeys.safeParse(text).success).toBe(false);
});

test('two keys of one id are refused', () => {
  const one = `a:${randomBytes(32).toString('base64')}`;
  expect(encryptionKeys.safeParse(one).success).toBe(true);
  expect(encryptionKeys.safeParse(`${one},${one}`).success).toBe(false);
});

const ui = 'http://127.0.0.1:8233';
const server = createCodecServer(createPayloadCodec([young]), { origin: ui, product });
const ask = (path: string, body: unknown, origin = ui) =>
  server.request(path, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json', 'x-namespace': 'default' },
    body: JSON.stringify(body),
  });

test('the Web UI has its payloads decrypted, and those it sends encrypted', async () => {
  const shown = {
    metadata: { encoding: Buffer.from('json/plain').toString('base64') },
    data: Buffer.from('"approve"').toString('base64'),
  };
  const encoded = await ask('/encode', { payloads: [shown] });
  const { payloads } = (await encoded.json()) as { payloads: object[] };
  expect(payloads).not.toEqual([shown]);
  const decoded = await ask('/decode', { payloads });
  expect(decoded.headers.get('access-control-allow-origin')).toBe(ui);
  expect(await decoded.json()).toEqual({ payloads: [shown] });
});

test('pages of other origins learn nothing, and what is no payload is refused', async () => {
  const foreign = await ask('/decode', { payloads: [] }, 'https://example.com');
  expect(foreign.status).toBe(403);
  expect((await ask('/decode', { payloads: [{ data: 'no base64!' }] })).status).toBe(400);
  expect((await ask('/decode', 'nonsense')).status).toBe(400);
});
