import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sql } from 'kysely';
import { userEvents } from '../../contracts/events/user';
import type { RecordedEvent } from '../../lib/eventlog/events';
import { selectStream } from '../../lib/eventlog/store';
import { createTestApp, type Answer, type TestApp } from '../../tests/support/app';
import { emailChangeSeal } from '../../tests/support/email-changes';
import { createTestDatabase, type TestDatabase } from '../../tests/lib-support/database';
import { createEmailChangeRoutes } from './email-change-routes';
import { createEmailChanges } from './email-changes';
import { userMigrations } from './migrations';
import { createUsersRoutes } from './routes';
import { createUsersService } from './service';
import type { UserTables } from './tables';

let testDatabase: TestDatabase<UserTables>;
let http: TestApp;
let wakes = 0;
/** The time of changes of addresses. */
let now = new Date();
beforeAll(async () => {
  testDatabase = await createTestDatabase(userMigrations);
  const notifier = { notify: () => void (wakes += 1) };
  const database = testDatabase.database;
  const emailChanges = createEmailChanges({
    database,
    notifier,
    seal: emailChangeSeal,
    clock: () => now,
    random: randomBytes,
  });
  http = await createTestApp(
    createUsersRoutes(createUsersService({ database, notifier }), emailChanges).route(
      '/',
      createEmailChangeRoutes(emailChanges),
    ),
  );
});
afterAll(() => testDatabase.drop());

const service = () => createUsersService({ database: testDatabase.database, notifier: { notify: () => undefined } });
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
    fields: ['details', 'email', 'name'],
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

/** A user who asks for another address for themselves; gives what the e-mail to it gets. */
async function requestChange(userId: string, email: string) {
  const answer = await http.call('PATCH', `/users/${userId}`, { email }, await as('customer', userId));
  const event = (await streamOf(userId)).at(-1)?.data as { details: string };
  return { answer, mailed: emailChangeSeal.open(event.details, userId) };
}
const follow = async (token: string, method = 'POST') =>
  http.app.request(`/email-changes?emailToken=${token}`, { method });
const emailOf = async (userId: string) => (await http.call('GET', `/users/${userId}`)).body['email'];

test('a new address counts when the link that was sent to it is followed, once', async () => {
  const { userId, email } = await create();
  const wanted = someone().email;
  const { answer, mailed } = await requestChange(userId, wanted);
  expect(answer).toMatchObject({ status: 202, body: { userId, email } });
  expect(mailed).toMatchObject({ email: wanted, purpose: 'confirm' });
  const [, asked] = await streamOf(userId);
  expect(asked).toMatchObject({ type: 'user.email_change_requested', version: 2 });
  expect(JSON.stringify(asked)).not.toContain(wanted);
  // Looking at the page changes nothing.
  const page = await follow(mailed.token, 'GET');
  expect([page.status, page.headers.get('referrer-policy')]).toEqual([200, 'no-referrer']);
  expect(await page.text()).toContain('<form method="post"');
  expect(await emailOf(userId)).toBe(email);

  const answers = await Promise.all([1, 2, 3].map(() => follow(mailed.token)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401]);
  expect(await emailOf(userId)).toBe(wanted);
  expect((await streamOf(userId)).slice(2)).toMatchObject([
    { type: 'user.updated', data: { userId, email: wanted }, metadata: { actor: userId } },
  ]);
});

test('whether an address is registered is not answered: its owner is written to instead', async () => {
  const [ada, bob, eve] = [await create(), await create(), await create()];
  const taken = await requestChange(bob.userId, ada.email.toUpperCase());
  const free = await requestChange(eve.userId, someone().email);
  const visible = ({ answer: { status, body, headers } }: typeof free) => ({
    status,
    fields: Object.keys(body),
    headers: [...headers.keys()],
  });
  expect(visible(taken)).toEqual(visible(free));
  expect(taken.mailed).toMatchObject({ purpose: 'warning', email: ada.email });
  expect(free.mailed).toMatchObject({ purpose: 'confirm' });
  const details = async (userId: string) => (await streamOf(userId)).at(-1)?.data as { details: string };
  const lengths = [await details(bob.userId), await details(eve.userId)].map((one) => one.details.length);
  expect(lengths[0]).toBe(lengths[1]);
  expect((await http.call('GET', `/users/${bob.userId}`)).body).toEqual(bob);
});

test('an address that was registered meanwhile is refused to whoever follows the link', async () => {
  const { userId, email } = await create();
  const wanted = someone();
  const { mailed } = await requestChange(userId, wanted.email);
  expect(await http.call('POST', '/users', wanted)).toMatchObject({ status: 201 });
  expect((await follow(mailed.token)).status).toBe(409);
  expect(await emailOf(userId)).toBe(email);
});

test('a link ends after a day, by a newer one, by a lock and by an erasure', async () => {
  const request = async () => {
    const { userId, email } = await create();
    return { userId, email, ...(await requestChange(userId, someone().email)) };
  };
  const [old, replaced, locked, erased] = [await request(), await request(), await request(), await request()];
  now = new Date(now.getTime() + 61_000);
  await requestChange(replaced.userId, someone().email);
  await service().setLock(locked.userId, 'lock');
  await service().setLock(locked.userId, 'unlock');
  await http.call('DELETE', `/users/${erased.userId}`);
  for (const { mailed } of [replaced, locked, erased]) expect((await follow(mailed.token)).status).toBe(401);
  expect((await follow(old.mailed.token, 'GET')).status).toBe(200);
  now = new Date(now.getTime() + 86_400_000);
  for (const method of ['GET', 'POST']) expect((await follow(old.mailed.token, method)).status).toBe(401);
  expect(await emailOf(old.userId)).toBe(old.email);
  const { rows } = await sql`select 1 from email_changes where user_id = ${erased.userId}`.execute(
    testDatabase.database.kysely,
  );
  expect(rows).toEqual([]);
});

test('who is erased is in no request of others for the same address', async () => {
  const [ada, bob] = [await create(), await create()];
  await requestChange(bob.userId, ada.email);
  await http.call('DELETE', `/users/${ada.userId}`);
  const { rows } = await sql`select 1 from email_changes where lower(email) = lower(${ada.email})`.execute(
    testDatabase.database.kysely,
  );
  expect(rows).toEqual([]);
});

test('nobody has e-mail after e-mail sent: another request has to wait for a minute, the name does not', async () => {
  const { userId } = await create();
  await requestChange(userId, someone().email);
  const token = await as('customer', userId);
  const again = await http.call('PATCH', `/users/${userId}`, { email: someone().email, name: 'Eve' }, token);
  expect(again).toMatchObject({ status: 429, body: { retryAfterSeconds: expect.any(Number) } });
  expect(await http.call('PATCH', `/users/${userId}`, { name: 'Eve' }, token)).toMatchObject({
    status: 200,
    body: { name: 'Eve' },
  });
});

test('a customer who repeats their own address is sent nothing', async () => {
  const { userId, email } = await create();
  const answer = await http.call(
    'PATCH',
    `/users/${userId}`,
    { email, name: 'Ada King' },
    await as('customer', userId),
  );
  expect(answer).toMatchObject({ status: 200, body: { email, name: 'Ada King' } });
  expect((await streamOf(userId)).map(({ type }) => type)).toEqual(['user.created', 'user.updated']);
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
