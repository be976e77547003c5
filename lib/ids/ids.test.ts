import { expect, test } from '@jest/globals';
import { v7 as uuidv7, validate, version } from 'uuid';
import { derivedId, hashRequest } from './ids';

test('a derived id is the same every time, and differs by role', () => {
  const noteId = uuidv7();
  expect(derivedId(noteId, 'page')).toBe(derivedId(noteId, 'page'));
  expect(derivedId(noteId, 'page')).not.toBe(derivedId(noteId, 'cover'));
  expect(derivedId(noteId, 'page')).not.toBe(derivedId(uuidv7(), 'page'));
});

test('a derived id is a UUIDv7 with the time of the original, so that both sort alike', () => {
  const noteId = uuidv7();
  const pageId = derivedId(noteId, 'page');
  expect(validate(pageId) && version(pageId)).toBe(7);
  expect(pageId.slice(0, 13)).toBe(noteId.slice(0, 13));
});

test('the hash of a request does not depend on the order of its fields, at any depth, and never changes: hashes are stored', () => {
  const hash = hashRequest({
    b: [{ y: 1, x: null }, 'text'],
    a: { at: new Date(0), none: undefined },
    '10': 1,
    '9': 2,
  });
  expect(hash).toBe('qLBtWeAMJ6xWhUSzLisQpv1n8_7gVWDVNQKFecSI4VE');
  expect(
    hashRequest({ '9': 2, '10': 1, a: { none: undefined, at: new Date(0) }, b: [{ x: null, y: 1 }, 'text'] }),
  ).toBe(hash);
});

test('requests that differ have different hashes', () => {
  const requests = [{ a: 1 }, { a: '1' }, { a: [1] }, { b: 1 }, JSON.parse('{"a":1,"__proto__":1}'), [], undefined];
  expect(new Set(requests.map(hashRequest)).size).toBe(requests.length);
});
