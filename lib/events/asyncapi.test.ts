import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { describeExchanges } from './asyncapi';
import { defineEvent } from './define';
import type { Exchange } from './exchange';

const schema = z.strictObject({ text: z.string() });
const example = { text: 'milk' };
const taken = defineEvent('note.taken', { stream: 'note', versions: [{ schema }, { schema }], example });
const torn = defineEvent('note.torn', { stream: 'note', versions: [{ schema }], example });
const opened = defineEvent('folder.opened', { stream: 'folder', versions: [{ schema }], example });
const exchanges: Exchange[] = [
  { name: 'note-events', producer: 'notes', events: [taken, torn] },
  { name: 'folder-events', producer: 'folders', events: [opened] },
];
const document = describeExchanges(exchanges, { title: 'Notes', description: 'What happens to notes.' });

/** Every `$ref` anywhere in a document. */
const refsIn = (value: unknown): string[] =>
  typeof value !== 'object' || value === null
    ? []
    : Object.entries(value).flatMap(([key, inner]) => (key === '$ref' ? [String(inner)] : refsIn(inner)));

test('every reference of the AsyncAPI document resolves', () => {
  const refs = refsIn(document);
  // From channels to messages, from operations to channels, from messages to the schemas of their versions.
  expect(refs).toHaveLength(3 + 2 + 4);
  for (const ref of refs) {
    const found = ref
      .replace('#/', '')
      .split('/')
      .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], document);
    expect({ ref, found }).toEqual({ ref, found: expect.any(Object) });
  }
});

test('every event has its message, with a schema for each version', () => {
  const { components } = document as { components: { messages: Record<string, { name: string }> } };
  const names = Object.values(components.messages).map(({ name }) => name);
  expect(names).toEqual(['note.taken', 'note.torn', 'folder.opened']);
  expect(components.messages['note_taken']).toMatchObject({
    payload: {
      anyOf: [1, 2].map((version) => ({ $ref: `#/components/schemas/note_taken_v${version}_reader` })),
    },
  });
});

test('the document has the title and the description that it is given', () => {
  expect(document['info']).toMatchObject({ title: 'Notes', description: 'What happens to notes.' });
});
