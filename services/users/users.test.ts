import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sql } from 'kysely';
import { userEvents } from '../../contracts/events/user';
import type { RecordedEvent } from '../../lib/eventlog/events';
import { selectStream } from '../../lib/eventlog/store';
import { createTestApp, type Answer, type TestApp } from '../../tests/support/app';
import { createTestDatabase, type TestDatabase } from '../../tests/lib-support/database';
import { userMigrations } from './migrations';
import { createUsersRoutes } from './routes';
import { createUsersService } from './service';
import type { UserTables } from './tables';

let testDatabase: TestDatabase<UserTables>;
let http: TestApp;
let wakes = 0;
beforeAll(async () => {
  testDatabase = await createTestDatabase(userMigrations);
  const notifier = { notify: () => void (wakes += 1) };
  http = await createTestApp(createUsersRoutes(createUsersService({ database: testDatabase.database, notifier })));
});
afterAll(() => testDatabase.drop());

const someone = () => ({ email: `${randomUUID()}@example.com`, name: 'Ada Lovelace' });
const streamOf = (userId: unknown) => selectStream(testDatabase.database.kysely, `user-${String(userId)}`);
const as = async (role: 'customer', userId?: string) => ({
  authorization: `Bearer ${await http.token(role, userId)}`,
});
async function create(): Promise<Answer['body'] & { userId: string; email: string }> {
  const { status, body } = await http.call('POST', '/users', someone());
  expect(status).toBe(201);
  return body as Answer['body'] & { userId: string; email: string };
}

test('a user is added with their event, in the context of the request, and the relay is woken', async () => {
  const before = wakes;
  const wanted = someone();
  const { status, body, headers } = await http.call('POST', '/users', wanted, { 'x-correlation-id': 'add-ada' });
  expect(status).toBe(201);
  expect(body).toMatchObject(wanted);
  expect(headers.get('location')).toBe(`/users/${String(body['userId'])}`);
  expect(await streamOf(body['userId'])).toMatchObject([
    {
      version: 1,
      type: 'user.created',
      data: { userId: body['userId'], ...wanted },
      metadata: { correlationId: 'add-ada', actor: expect.any(String), traceparent: headers.get('traceparent') },
    },
  ]);
  expect(wakes).toBe(before + 1);
});

test('an e-mail address belongs to one user, whatever its letter case, also when many ask at once', async () => {
  const { email, name } = someone();
  const spelled = Array.from({ length: 10 }, (_, index) => (index % 2 ? email : email.toUpperCase()));
  const answers = await Promise.all(spelled.map((one) => http.call('POST', '/users', { email: one, name })));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(9).fill(409)]);
  const refused = answers.find(({ status }) => status === 409);
  expect(refused?.body).toMatchObject({ code: 'conflict', field: 'email' });
  expect(JSON.stringify(refused?.body)).not.toContain(email);
});

test('a change is answered, stored, and told as what changed', async () => {
  const { userId, email } = await create();
  const { status, body } = await http.call('PATCH', `/users/${userId}`, { name: 'Ada King', email });
  expect(status).toBe(200);
  expect(body).toMatchObject({ userId, email, name: 'Ada King' });
  expect(await http.call('GET', `/users/${userId}`)).toMatchObject({ status: 200, body });
  expect(await streamOf(userId)).toMatchObject([
    {},
    { version: 2, type: 'user.updated', data: { userId, name: 'Ada King' } },
  ]);
});

test('a change that changes nothing makes no event', async () => {
  const { userId, email } = await create();
  expect(await http.call('PATCH', `/users/${userId}`, { email })).toMatchObject({ status: 200 });
  expect(await streamOf(userId)).toHaveLength(1);
});

test('concurrent changes follow one another, none is lost', async () => {
  const { userId } = await create();
  const names = Array.from({ length: 10 }, (_, index) => `Ada the ${index}`);
  const answers = await Promise.all(names.map((name) => http.call('PATCH', `/users/${userId}`, { name })));
  expect(answers.map(({ status }) => status)).toEqual(names.map(() => 200));
  const events = await streamOf(userId);
  expect(events.map(({ version }) => version)).toEqual(Array.from({ length: 11 }, (_, index) => index + 1));
  const last = events.at(-1)?.data as { name: string };
  expect((await http.call('GET', `/users/${userId}`)).body).toMatchObject({ name: last.name });
});

test('an erased person is gone; the facts stay, and fit their schemas', async () => {
  const { userId, email } = await create();
  await http.call('PATCH', `/users/${userId}`, { name: 'Ada King' });
  const before = await streamOf(userId);
  expect(await http.call('DELETE', `/users/${userId}`)).toMatchObject({ status: 204 });

  expect(await http.call('GET', `/users/${userId}`)).toMatchObject({ status: 404 });
  expect(await http.call('DELETE', `/users/${userId}`)).toMatchObject({ status: 404 });
  const after = await streamOf(userId);
  expect(after.map(({ type }) => type)).toEqual(['user.created', 'user.updated', 'user.erased']);
  const kept = ({ position, id, version, time, metadata }: RecordedEvent) => ({
    position,
    id,
    version,
    time,
    metadata,
  });
  expect(after.slice(0, 2).map(kept)).toEqual(before.map(kept));
  expect(JSON.stringify(after)).not.toMatch(/Ada|example\.com/);
  for (const contract of userEvents)
    for (const { type, dataVersion, data } of after) if (contract.type === type) contract.parse(dataVersion, data);
  // The address is free again.
  expect(await http.call('POST', '/users', { email, name: 'Ada' })).toMatchObject({ status: 201 });
});

test('an erasure is written down: who, which stream, how many events; others are not touched', async () => {
  const [gone, stays] = [await create(), await create()];
  const actor = randomUUID();
  await http.call('DELETE', `/users/${gone.userId}`, undefined, await as('customer', gone.userId));
  expect(await http.call('DELETE', `/users/${stays.userId}`, undefined, await as('customer', actor))).toMatchObject({
    status: 404,
  });
  const { rows } = await sql`select stream, fields, events, actor from redactions`.execute(
    testDatabase.database.kysely,
  );
  expect(rows).toContainEqual({
    stream: `user-${gone.userId}`,
    fields: ['email', 'name'],
    events: 1,
    actor: gone.userId,
  });
  expect(await streamOf(stays.userId)).toMatchObject([{ data: { email: stays.email } }]);
});

test('an address that another user has is refused, and nothing changes', async () => {
  const [ada, bob] = [await create(), await create()];
  const { status, body } = await http.call('PATCH', `/users/${bob.userId}`, { email: ada.email, name: 'Robert' });
  expect({ status, code: body['code'] }).toEqual({ status: 409, code: 'conflict' });
  expect((await http.call('GET', `/users/${bob.userId}`)).body).toEqual(bob);
  expect(await streamOf(bob.userId)).toHaveLength(1);
});

test('users see and change themselves; to strangers they do not exist', async () => {
  const { userId } = await create();
  const path = `/users/${userId}`;
  expect(await http.call('GET', path, undefined, await as('customer', userId))).toMatchObject({ status: 200 });
  expect(await http.call('PATCH', path, { name: 'Me' }, await as('customer', userId))).toMatchObject({ status: 200 });
  const stranger = await as('customer');
  expect(await http.call('GET', path, undefined, stranger)).toMatchObject({ status: 404 });
  expect(await http.call('PATCH', path, { name: 'You' }, stranger)).toMatchObject({ status: 404 });
  expect(await http.call('POST', '/users', someone(), await as('customer'))).toMatchObject({ status: 403 });
});

test.each<[string, string, unknown, number, string | undefined]>([
  ['POST', '/users', { name: 'Ada' }, 400, 'email'],
  ['POST', '/users', { email: 'ada', name: 'Ada' }, 400, 'email'],
  ['POST', '/users', { email: 'ada@example.com', name: ' ' }, 400, 'name'],
  ['POST', '/users', { email: 'ada@example.com', name: 'x'.repeat(201) }, 400, 'name'],
  ['POST', '/users', { email: 'ada@example.com', name: 'Ada\u0000' }, 400, 'name'],
  ['POST', '/users', { email: `${'a'.repeat(250)}@example.com`, name: 'Ada' }, 400, 'email'],
  ['POST', '/users', { email: 'ada@example.com', name: 'Ada', admin: true }, 400, 'admin'],
  ['PATCH', `/users/${randomUUID()}`, {}, 400, '$'],
  ['PATCH', `/users/${randomUUID()}`, { name: 'Ada' }, 404, undefined],
  ['GET', `/users/${randomUUID()}`, undefined, 404, undefined],
  ['GET', '/users/17', undefined, 400, 'userId'],
])('%s %s with %j is refused with %i', async (method, path, sent, status, field) => {
  const answer = await http.call(method, path, sent);
  expect(answer.status).toBe(status);
  expect(answer.body['field']).toBe(field);
});

test('nothing is answered without a token', async () => {
  for (const [method, path] of [
    ['POST', '/users'],
    ['GET', `/users/${randomUUID()}`],
    ['PATCH', `/users/${randomUUID()}`],
  ] as const) {
    expect(await http.call(method, path, method === 'GET' ? undefined : {}, { authorization: '' })).toMatchObject({
      status: 401,
    });
  }
});

test('no value of any field is answered with 500', async () => {
  const value = fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' }), fc.emailAddress(), fc.double());
  await fc.assert(
    fc.asyncProperty(fc.record({ email: value, name: value }, { requiredKeys: [] }), async (body) => {
      expect((await http.call('POST', '/users', body)).status).toBeLessThan(500);
    }),
    { numRuns: 300 },
  );
});

test('a repeated request to add a user adds one, and answers with the same user, also when many come at once', async () => {
  const wanted = someone();
  const key = { 'idempotency-key': randomUUID() };
  const answers = await Promise.all(Array.from({ length: 10 }, () => http.call('POST', '/users', wanted, key)));
  expect(answers.map(({ status }) => status)).toEqual(Array<number>(10).fill(201));
  expect(new Set(answers.map(({ body }) => body['userId'])).size).toBe(1);
  expect(await http.call('POST', '/users', { ...wanted, name: 'Else' }, key)).toMatchObject({
    status: 422,
    body: { code: 'idempotency-key-reused' },
  });
});

test('a repeated request does not bring back an erased user, and neither it nor its answer is kept', async () => {
  const wanted = someone();
  const key = { 'idempotency-key': randomUUID() };
  const { body } = await http.call('POST', '/users', wanted, key);
  await http.call('DELETE', `/users/${String(body['userId'])}`);
  expect(await http.call('POST', '/users', wanted, key)).toMatchObject({
    status: 422,
    body: { code: 'idempotency-key-reused' },
  });
  const { rows } = await testDatabase.database.pool.query(
    'select request_hash, response::text from idempotency_keys where key = $1',
    [key['idempotency-key']],
  );
  expect(rows).toEqual([{ request_hash: '', response: JSON.stringify({ userId: body['userId'] }) }]);
});
