import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { breaks, misreadings } from './compare';

const released = z.strictObject({
  id: z.uuid(),
  name: z.string().max(10),
  note: z.string().optional(),
  kind: z.enum(['a', 'b']),
  lines: z.array(z.strictObject({ sku: z.string(), count: z.int() })),
});
const found = (now: z.ZodType): { field: string; what: string }[] =>
  breaks('thing.made', z.toJSONSchema(released), z.toJSONSchema(now));

test('what did not change breaks nothing', () => {
  expect(found(released)).toEqual([]);
});

test.each<[string, z.ZodType, string, RegExp]>([
  ['a field is taken out', released.omit({ name: true }), '$.name', /taken out/],
  ['a field becomes optional', released.partial({ name: true }), '$.name', /it is optional now/],
  ['a field changes its type', released.extend({ name: z.int() }), '$.name', /type was "string" and is "integer"/],
  ['a field gets narrower', released.extend({ name: z.string().max(5) }), '$.name', /maxLength was 10 and is 5/],
  ['a field gets wider', released.extend({ name: z.string() }), '$.name', /maxLength was 10 and is not limited/],
  ['a new field must be there', released.extend({ more: z.string() }), '$.more', /must be there now/],
  ['a new field may be there', released.extend({ more: z.string().optional() }), '$.more', /refuse unknown fields/],
  ['an optional field must be there', released.required({ note: true }), '$.note', /must be there now/],
  ['it takes unknown fields', z.looseObject(released.shape), '$', /additionalProperties was false/],
  ['a number must be larger', released.extend({ name: z.int().gt(10) }), '$.name', /type was "string"/],
  ['a value is taken out', released.extend({ kind: z.enum(['a']) }), '$.kind', /could be "b"/],
  ['a value is new', released.extend({ kind: z.enum(['a', 'b', 'c']) }), '$.kind', /can be "c" now/],
  [
    'a field deep inside is renamed',
    released.extend({ lines: z.array(z.strictObject({ code: z.string(), count: z.int() })) }),
    '$.lines[].sku',
    /taken out/,
  ],
])('%s: the field is named, and what it means', (_, now, field, what) => {
  expect(found(now)).toContainEqual(expect.objectContaining({ field, what: expect.stringMatching(what) }));
});

const toReaders = (newer: z.ZodType) => misreadings('thing.made', z.toJSONSchema(released), z.toJSONSchema(newer));
const line = z.strictObject({ sku: z.string(), count: z.int(), total: z.int() });

test.each<[string, z.ZodType]>([
  ['a field more', released.extend({ more: z.string().optional() })],
  ['a field more that must be there', released.extend({ more: z.string() })],
  ['a field more deep inside', released.extend({ lines: z.array(line) })],
  ['a field that must be there now', released.required({ note: true })],
])('readers of the version before can read one with %s', (_, newer) => {
  expect(toReaders(newer)).toEqual([]);
});

test.each<[string, z.ZodType, string]>([
  ['lacks a field', released.omit({ name: true }), '$.name'],
  ['lacks a field deep inside', released.extend({ lines: z.array(line.omit({ sku: true })) }), '$.lines[].sku'],
  ['need not have a field', released.partial({ name: true }), '$.name'],
  ['has a field of another type', released.extend({ name: z.int() }), '$.name'],
  ['has a wider field', released.extend({ name: z.string() }), '$.name'],
  ['has a value more', released.extend({ kind: z.enum(['a', 'b', 'c']) }), '$.kind'],
])('readers of the version before cannot read one that %s', (_, newer, field) => {
  expect(toReaders(newer)).toContainEqual(
    expect.objectContaining({ field, todo: expect.stringContaining('readableFrom') }),
  );
});
