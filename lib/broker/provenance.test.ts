import { expect, test } from '@jest/globals';
import { headersOfMoved, provenanceOf, isTrusted, assertTrusted } from './provenance';

const origins = { exchange: 'note-events', users: ['reader', 'operator'], acceptUnnamed: false };

/** A message as the broker delivers it. */
const message = (exchange: string, userId?: string, headers: Record<string, unknown> = {}) => ({
  fields: { exchange },
  properties: { userId, headers },
});
type Message = ReturnType<typeof message>;

/** The message after it was moved to another queue. */
const moved = (from: Message): Message => message('reader-note-events.filling', 'operator', headersOfMoved(from));

test.each<[string, Message, boolean]>([
  ['of the producer', message('note-events'), true],
  ['that an administrator puts into the queue', message(''), true],
  ['that its consumer retries', message('retry', 'reader'), true],
  ['that an operator redrives', message('retry', 'operator'), true],
  ['of another consumer', message('retry', 'stranger'), false],
  ['without a user, by way of a delay', message('retry'), false],
  ['without a user, with headers of a moved message', message('retry', undefined, headersOfMoved(message(''))), false],
  ['of the producer, moved', moved(message('note-events')), true],
  ['of another consumer, moved', moved(message('retry', 'stranger')), false],
  ['of another consumer, moved twice', moved(moved(message('retry', 'stranger'))), false],
  ['moved by a release that did not note what it was', message('reader-note-events.filling'), true],
])('a message %s: accepted %#', (_of, given, accepted) => {
  expect(isTrusted(provenanceOf(given), origins)).toBe(accepted);
});

test('a refusal names the publisher and the exchange', () => {
  expect(() => assertTrusted(provenanceOf(message('retry', 'stranger')), origins)).toThrow(
    expect.objectContaining({ code: 'untrusted-origin', message: expect.stringContaining('by stranger to retry') }),
  );
});

test('during an update from a release that named no users, retries without a name are accepted, others are not', () => {
  const lenient = { ...origins, acceptUnnamed: true };
  expect(isTrusted(provenanceOf(message('retry')), lenient)).toBe(true);
  expect(isTrusted(provenanceOf(message('retry', 'stranger')), lenient)).toBe(false);
});

test('where all services share one user, publishers cannot be told apart and everything is accepted', () => {
  const shared = { ...origins, users: ['guest', 'guest'] };
  expect(isTrusted(provenanceOf(message('retry')), shared)).toBe(true);
});
