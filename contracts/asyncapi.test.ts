import { expect, test } from '@jest/globals';
import { asyncApiDocument } from './asyncapi';
import { exchanges } from './events';

/** Every `$ref` anywhere in a document. */
const refsIn = (value: unknown): string[] =>
  typeof value !== 'object' || value === null
    ? []
    : Object.entries(value).flatMap(([key, inner]) => (key === '$ref' ? [String(inner)] : refsIn(inner)));

test('every reference of the AsyncAPI document leads somewhere', () => {
  const document = asyncApiDocument();
  const refs = refsIn(document);
  expect(refs.length).toBeGreaterThan(50);
  for (const ref of refs) {
    const found = ref
      .replace('#/', '')
      .split('/')
      .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], document);
    expect({ ref, found }).toEqual({ ref, found: expect.any(Object) });
  }
});

test('every event has its message, with a schema for each version', () => {
  const { components } = asyncApiDocument() as { components: { messages: Record<string, { name: string }> } };
  const names = Object.values(components.messages).map(({ name }) => name);
  expect(names).toEqual(Object.values(exchanges).flatMap(({ events }) => events.map(({ type }) => type)));
  expect(components.messages['order_created']).toMatchObject({
    payload: {
      anyOf: [1, 2, 3].map((version) => ({ $ref: `#/components/schemas/order_created_v${version}_reader` })),
    },
  });
});
