import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { defineEvent, UnknownEventVersion } from './define';

const first = z.strictObject({ text: z.string() });
const second = first.extend({ colour: z.string().optional() });
const third = z.strictObject({ words: z.array(z.string()) });
const stream = 'note';
/** The contract in three deployments, the oldest first. */
const old = defineEvent('note.taken', { stream, versions: [{ schema: first }], example: { text: 'milk' } });
const middle = defineEvent('note.taken', {
  stream,
  versions: [{ schema: first }, { schema: second, readableFrom: 1 }],
  example: { text: 'milk' },
});
const newest = defineEvent('note.taken', {
  stream,
  versions: [
    { schema: first },
    { schema: second, readableFrom: 1 },
    { schema: third, upcast: ({ text }: z.infer<typeof second>) => ({ words: [text] }) },
  ],
  example: { words: ['milk'] },
});

test('an event of a newer version that says so is read by older readers, without what they do not know', () => {
  const { dataVersion, data, compatibleVersion } = middle({ text: 'milk', colour: 'red' });
  expect([dataVersion, compatibleVersion]).toEqual([2, 1]);
  expect(old.parse(dataVersion, data, compatibleVersion)).toEqual({ text: 'milk' });
});

test('any other newer version waits for the deploy, also one that is wrongly declared compatible', () => {
  const { dataVersion, data, compatibleVersion } = newest({ words: ['milk'] });
  expect(compatibleVersion).toBeUndefined();
  for (const reader of [old, middle])
    expect(() => reader.parse(dataVersion, data, compatibleVersion)).toThrow(UnknownEventVersion);
  expect(() => middle.parse(dataVersion, data, 1)).toThrow(UnknownEventVersion);
});

test('readers accept and ignore unknown fields, writers write none', () => {
  const noisy = { text: 'milk', unheardOf: true };
  expect(old.parse(1, noisy)).toEqual({ text: 'milk' });
  expect(old.schemas[0]?.safeParse(noisy).success).toBe(false);
});
