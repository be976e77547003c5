import { createRoute, z } from '@hono/zod-openapi';
import { expect, test } from '@jest/globals';
import { product } from '../../../tests/lib-support/product';
import { createdAnswer, createRoutes, jsonAnswer, jsonBody, problems } from '../routes';
import { noDescription, type ApiDescription } from './description';
import { openApiDocument, operationFaults } from './document';

const page = z.strictObject({ title: z.string().regex(/^[^\p{Cc}]+$/u) });
const note = z.strictObject({ noteId: z.uuid(), pages: z.array(page), cover: page.optional() });
const declared = {
  operationId: 'addNote',
  summary: 'Add a note',
  method: 'post' as const,
  path: '/notes',
  request: { body: jsonBody(z.strictObject({ first: page })) },
  responses: { 201: createdAnswer(note, 'Added'), ...problems(400, 413, 415) },
};
const listed = { method: 'get' as const, path: '/notes', responses: { 200: jsonAnswer(z.array(note), 'Notes') } };

/** The document of an app with these routes. */
function documentOf(routes: readonly Parameters<typeof createRoute>[0][], api: Partial<ApiDescription> = {}) {
  const app = createRoutes();
  for (const route of routes) app.openapi(createRoute(route), (c) => c.json({}));
  return openApiDocument(app, { ...product, api: { ...noDescription, ...api } });
}

test('objects have one name wherever they occur: a chosen one, or that of their place', () => {
  const document = documentOf([declared, { ...listed, operationId: 'listNotes' }], { schemas: { Note: note } });
  const { schemas } = document['components'] as { schemas: Record<string, unknown> };
  expect(Object.keys(schemas)).toEqual(['AddNoteRequest', 'AddNoteRequestFirst', 'Note', 'Problem', 'ProblemError']);
  const first = { $ref: '#/components/schemas/AddNoteRequestFirst' };
  expect(schemas).toMatchObject({ Note: { properties: { pages: { items: first }, cover: first } } });
  expect(document).toMatchObject({
    paths: {
      '/notes': {
        post: {
          responses: { 201: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Note' } } } } },
        },
        get: { responses: { 200: { content: { 'application/json': { schema: { items: {} } } } } } },
      },
    },
  });
});

test('two names for what accepts the same are refused', () => {
  expect(() => documentOf([declared], { schemas: { Note: note, Memo: note } })).toThrow(
    'The schemas Note and Memo are the same; keep one name',
  );
});

test('every operation says which headers it answers with, and what may happen to any of them', () => {
  expect(documentOf([declared])).toMatchObject({
    paths: {
      '/notes': {
        post: {
          responses: {
            201: { headers: { Location: {}, RateLimit: { $ref: '#/components/headers/RateLimit' } } },
            400: { $ref: '#/components/responses/BadRequest' },
            429: { $ref: '#/components/responses/TooManyRequests' },
            503: { $ref: '#/components/responses/ServiceUnavailable' },
          },
        },
      },
    },
    components: { responses: { TooManyRequests: { headers: { 'Retry-After': {} } } } },
  });
});

test('patterns are written so that other languages read them too', () => {
  const schemas = { Page: page };
  expect(documentOf([declared], { schemas })).toMatchObject({
    components: { schemas: { Page: { properties: { title: { pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f]+$' } } } } },
  });
});

test('a body has the example of its schema', () => {
  const examples = { AddNoteRequest: { first: { title: 'One' } } };
  expect(documentOf([declared], { examples })).toMatchObject({
    paths: {
      '/notes': { post: { requestBody: { content: { 'application/json': { example: examples.AddNoteRequest } } } } },
    },
  });
});

test('an operation without an id, and one with the id of another, are faults', () => {
  expect(operationFaults(documentOf([declared, { ...listed, operationId: 'listNotes' }]))).toEqual([]);
  expect(operationFaults(documentOf([declared, listed]))).toEqual([
    expect.stringContaining('GET /notes: it has no operationId'),
  ]);
  expect(operationFaults(documentOf([declared, { ...listed, operationId: 'addNote' }]))).toEqual([
    'GET /notes: POST /notes has the operationId addNote already',
  ]);
});
