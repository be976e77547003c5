import { expect, test } from '@jest/globals';
import { v7 as uuidv7, validate, version } from 'uuid';
import { derivedId } from './ids';

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
