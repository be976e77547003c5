import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { fixed } from '../config/live';
import { encryptionKeys } from './keys';
import { createSeal, unsealed } from './sealed';

const schema = z.strictObject({ text: z.string() });
const newKey = (id: string) => `${id}:${randomBytes(32).toString('base64')}`;
const [first, second] = [newKey('first'), newKey('second')];
const sealWith = (...keys: string[]) =>
  createSeal({ keys: fixed(encryptionKeys.parse(keys.join(','))), schema, setting: 'NOTE_KEYS' });
const note = { text: 'a private note' };

test('a sealed value is unreadable, and opened with the key', () => {
  const sealed = sealWith(first).seal(note, 'note-1');
  expect(sealed).toMatch(/^first:[\w-]+$/);
  expect(Buffer.from(sealed.slice('first:'.length), 'base64url').toString()).not.toContain('private');
  expect(sealWith(first).open(sealed, 'note-1')).toEqual(note);
  expect(sealWith(first).seal(note, 'note-1')).not.toBe(sealed);
});

test('a new key goes in front of the old one, which still opens what it sealed', () => {
  const old = sealWith(first).seal(note, 'note-1');
  const both = sealWith(second, first);
  expect(both.open(old, 'note-1')).toEqual(note);
  expect(both.seal(note, 'note-1')).toMatch(/^second:/);
});

test('a value without its key names the key and the setting', () => {
  const sealed = sealWith(first).seal(note, 'note-1');
  expect(() => sealWith(second).open(sealed, 'note-1')).toThrow('the key "first", which is not in NOTE_KEYS');
});

test('a sealed value that was changed, or moved to another subject, is not opened', () => {
  const seal = sealWith(first);
  const sealed = seal.seal(note, 'note-1');
  const changed = `${sealed.slice(0, -2)}${sealed.endsWith('AA') ? 'BB' : 'AA'}`;
  expect(() => seal.open(changed, 'note-1')).toThrow();
  expect(() => seal.open(sealed, 'note-2')).toThrow();
});

test('a key of another value with the same id opens nothing', () => {
  const sealed = sealWith(first).seal(note, 'note-1');
  expect(() => sealWith(newKey('first')).open(sealed, 'note-1')).toThrow();
});

test('a value from before values were sealed is opened without a key', () => {
  expect(sealWith(first).open(unsealed(note), 'note-1')).toEqual(note);
});

test.each(['', 'first', 'first:c2hvcnQ=', `a b:${first.slice(6)}`, `${first},${first}`, first.slice(5)])(
  'keys that cannot be meant are refused: %p',
  (text) => expect(encryptionKeys.safeParse(text).success).toBe(false),
);
