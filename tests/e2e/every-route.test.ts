import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { gzipSync } from 'node:zlib';
import { linkParameter } from '../../contracts/email-change';
import { roles, type RoleName } from '../../contracts/http/roles';
import { carrierHeaders } from '../../contracts/http/shipments';
import { createAllRoutes, rulesOf } from '../../infra/authorization/routes';
import { tokenIssuerOf } from '../../workers/config/token-issuer';
import { eventually } from '../lib-support/eventually';
import { leavesOf, operationsOf, type Operation, type Schema } from '../support/openapi';
import { createWorld, startTestPlatform, type TestPlatform, type World } from '../support/platform';
import { createRouteRequests, nameOf, type Instead, type RouteRequests } from '../support/route-requests';
import { createShop } from '../support/shop';
import { attacks } from './strange-input';

// What holds for every route is asked of every route that the OpenAPI document has: a new one is asked too.

let world: World;
let platform: TestPlatform;
let operations: Operation[];
/** What there is, by the name of the parameter or field that asks for it. */
let known: Record<string, string>;
let requests: RouteRequests;
const shop = createShop(() => platform);

beforeAll(async () => {
  world = await createWorld();
  platform = await startTestPlatform(world);
  const token = await platform.token(randomUUID(), 'admin');
  const { body } = await platform.call('GET', '/openapi.json');
  operations = operationsOf(body);

  const [userId, sku] = [await shop.user(), await shop.product(1_000)];
  // One to look at and to cancel, one whose parcel is reported.
  const [orderId, sentId] = [await shop.order({ userId, sku }), await shop.order({ userId, sku })];
  await Promise.all([shop.end(orderId), shop.end(sentId)]);
  const first = (path: string, of: string): Promise<Record<string, unknown>> =>
    eventually(async () => {
      const list = await platform.call('GET', `${path}?orderId=${of}`);
      const [item] = list.body['items'] as Record<string, unknown>[];
      if (!item) throw new Error(`Nothing in ${path} yet`);
      return item;
    });
  const [shipment, notification] = [await first('/shipments', sentId), await first('/notifications', orderId)];
  await giveUp(String(notification['notificationId']));
  const admin = await platform.token(randomUUID(), 'admin');
  const made = { name: 'A key', scopes: ['orders:read'] };
  const key = await platform.call('POST', '/ops/api-keys', made, { token: admin });
  const history = await platform.call('GET', `/orders/${orderId}/events`);
  const [placed] = history.body['items'] as { eventId: string }[];
  known = {
    id: String(placed?.eventId),
    userId,
    orderId,
    cursor: orderId,
    shipmentId: String(shipment['shipmentId']),
    notificationId: String(notification['notificationId']),
    sku,
    skus: sku,
    currency: 'EUR',
    country: 'DE',
    service: 'orders',
    keyId: String(key.body['keyId']),
    queue: 'order-service-user-events',
    token: 'tok_ok',
    delta: '1',
    tokenId: randomUUID(),
    [linkParameter]: randomBytes(32).toString('base64url'),
  };
  const carrierSecret = world.env['CARRIER_WEBHOOK_SECRET'] ?? '';
  requests = createRouteRequests({ url: platform.url, token, carrierSecret, known });
}, 120_000);
afterAll(async () => {
  await platform.stop();
  await world.drop();
});

/** Only an e-mail that was given up can be sent again. */
const giveUp = (notificationId: string): Promise<void> =>
  eventually(async () => {
    const update = `update notifications set status = 'failed' where notification_id = $1 and status <> 'sending' and claimed_until is null`;
    expect(await changed('notifications', update, [notificationId])).toBe(1);
  });

/** Sets an event aside as a relay does that can make no message of it. */
async function park(): Promise<void> {
  const insert = `insert into relay_parked (relay, position, event_id, reason) select 'order-events', position, event_id, 'too large' from events where event_id = $1`;
  expect(await changed('orders', insert, [known['id']])).toBe(1);
}

/** How many rows a statement changed in the database of a service. */
async function changed(service: string, statement: string, values: unknown[]): Promise<number | null> {
  const client = new Client({ connectionString: world.databases[service] });
  await client.connect();
  try {
    return (await client.query(statement, values)).rowCount;
  } finally {
    await client.end();
  }
}

const isId = ({ format, anyOf = [] }: Schema): boolean => format === 'uuid' || anyOf.some(isId);

/** The route with all its ids, as `write` writes them. */
function withIds(operation: Operation, write: (id: string) => string): Instead {
  const inUrl = operation.parameters.filter(({ schema }) => isId(schema));
  const inBody = leavesOf(operation.body ?? {}).filter(({ schema }) => isId(schema));
  const idOf = (name: string, schema: Schema): string => write(String(requests.sampleOf(name, schema)));
  return {
    parameters: Object.fromEntries(inUrl.map(({ name, schema }) => [name, idOf(name, schema)])),
    ...(inBody.length === 0
      ? {}
      : {
          body: requests.bodyWith(
            operation,
            inBody.map(({ place, schema }) => ({ place, value: idOf(nameOf(place), schema) })),
          ),
        }),
  };
}

/** What changes nothing comes first, what takes things away last. */
const byEffect = ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'];
const ordered = (): Operation[] =>
  [...operations].sort((a, b) => byEffect.indexOf(a.method) - byEffect.indexOf(b.method));

// First who may do what: later tests erase the user, whose own things these look for.

/** Without any effect, whoever asks: what the route says to it comes after what it says to the caller. */
function harmless(operation: Operation): Instead {
  const ids = operation.parameters.filter(({ in: where, schema }) => where === 'path' && isId(schema));
  return {
    parameters: Object.fromEntries(ids.map(({ name }) => [name, 'no-id'])),
    ...(operation.body === undefined ? {} : { body: '{' }),
  };
}

const asRole = async (role: RoleName, userId: string): Promise<Record<string, string>> => ({
  authorization: `Bearer ${await platform.token(userId, role)}`,
});

test('every route has a rule, and the check knows every route', async () => {
  const declared = rulesOf(await createAllRoutes()).map(({ name, requires }) => ({ name, requires }));
  const served = operations.map((operation) => ({ name: operation.name, requires: ruleOf(operation) }));
  expect(served.sort(byName)).toEqual(declared.sort(byName));
});
const ruleOf = ({ isSecured, scope, parameters }: Operation): string | undefined => {
  if (isSecured) return scope;
  return parameters.some(({ name }) => name === linkParameter) ? 'link' : 'signed';
};
const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);

test('every route admits every role that has its scope, refuses every other, and refuses who has no token', async () => {
  const wrong: unknown[] = [];
  for (const operation of operations) {
    const { name, scope, isSecured } = operation;
    const { status: anonymous } = await requests.ask(operation, { ...harmless(operation), headers: nobody(operation) });
    if (anonymous !== 401) wrong.push({ route: name, role: 'none', status: anonymous });
    for (const role of Object.keys(roles) as RoleName[]) {
      const headers = await asRole(role, randomUUID());
      const { status } = await requests.ask(operation, {
        ...harmless(operation),
        headers: isSecured ? headers : { ...nobody(operation), ...headers },
      });
      // What is signed is for whoever signs it, a link for whoever has it: no role is enough.
      const refusal = isSecured ? 403 : 401;
      const isAdmitted = isSecured && (roles[role].scopes as readonly string[]).includes(scope ?? '');
      const isRight = isAdmitted ? status !== 401 && status !== 403 && status < 500 : status === refusal;
      if (!isRight) wrong.push({ route: name, role, scope, status });
    }
  }
  expect(wrong).toEqual([]);
}, 120_000);

/** Instead of what proves that the caller may: no token, and a signature that nobody made. */
const nobody = ({ isSecured }: Operation): Record<string, string> =>
  isSecured ? { authorization: '' } : { [carrierHeaders.signature]: '0'.repeat(64) };

test('a role that reaches only its own finds nothing of others on any route, and its own on every one', async () => {
  const { userId = '', orderId = '' } = known;
  const owned = ordered().filter(
    (operation) =>
      operation.scope !== undefined &&
      (roles.customer.scopes as readonly string[]).includes(operation.scope) &&
      [
        ...operation.parameters.map(({ name }) => name),
        ...leavesOf(operation.body ?? {}).map(({ place }) => nameOf(place)),
      ].some((name) => name === 'userId' || name === 'orderId'),
  );
  const wrong: unknown[] = [];
  for (const operation of owned) {
    // Also where the filter of a list is optional.
    const filter = Object.fromEntries(
      operation.parameters.flatMap(({ name, in: where }) =>
        where === 'query' && (name === 'userId' || name === 'orderId') ? [[name, known[name] ?? '']] : [],
      ),
    );
    const asked = async (by: string) =>
      requests.ask(operation, { parameters: filter, headers: await asRole('customer', by) });
    const stranger = await asked(randomUUID());
    const leak = [userId, orderId].filter((id) => JSON.stringify(stranger.body['items'] ?? []).includes(id));
    const isHidden = operation.name === 'POST /orders' ? stranger.status === 403 : [200, 404].includes(stranger.status);
    const isEmpty = stranger.status !== 200 || JSON.stringify(stranger.body) === '{"items":[]}';
    if (!isHidden || !isEmpty || leak.length > 0)
      wrong.push({ route: operation.name, by: 'a stranger', status: stranger.status, body: stranger.body });
    // Whoever is erased is no longer there to ask for the rest.
    if (operation.method === 'DELETE') continue;
    const owner = await asked(userId);
    const items = owner.body['items'];
    if ([401, 403, 404].includes(owner.status) || owner.status >= 500 || (Array.isArray(items) && items.length === 0))
      wrong.push({ route: operation.name, by: 'the owner', status: owner.status, body: owner.body });
  }
  expect(wrong).toEqual([]);
  expect(owned.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['GET /orders/{orderId}/stream', 'POST /orders', 'GET /payments', 'DELETE /users/{userId}']),
  );
}, 120_000);

test('a viewer sees what belongs to anyone, and changes nothing', async () => {
  const wrong: unknown[] = [];
  for (const operation of operations.filter(({ isSecured }) => isSecured)) {
    const { status } = await requests.ask(operation, { headers: await asRole('viewer', randomUUID()) });
    const isReadable = (roles.viewer.scopes as readonly string[]).includes(operation.scope ?? '');
    const isRight = isReadable ? status < 300 || status === 404 : status === 403;
    if (!isRight || (isReadable && operation.method !== 'GET')) wrong.push({ route: operation.name, status });
  }
  expect(wrong).toEqual([]);
}, 120_000);

const takesIds = ({ parameters, body = {} }: Operation): boolean =>
  [...parameters, ...leavesOf(body)].some(({ schema }) => isId(schema));

const inCapitals = /"(?=[0-9-]*[A-F])[0-9A-F-]{36}"/;
/** What can be done once, and what must be there for it. */
const once: Record<string, () => Promise<void>> = {
  'DELETE /users/{userId}': () => Promise.resolve(),
  'POST /notifications/{notificationId}/send': () => Promise.resolve(),
  'POST /ops/outbox/parked/retry': park,
  'POST /ops/outbox/parked/discard': park,
};

test('every id, wherever it stands, is the same in capitals', async () => {
  const asked = ordered().filter(takesIds);
  for (const operation of asked) {
    const lower = withIds(operation, (id) => id.toLowerCase());
    // Twice before, so that the answer stays the same.
    await once[operation.name]?.();
    const before =
      operation.name in once ? [] : [await requests.ask(operation, lower), await requests.ask(operation, lower)];
    const { status, body } = await requests.ask(
      operation,
      withIds(operation, (id) => id.toUpperCase()),
    );
    const about = { route: operation.name, problem: body['detail'] };
    expect({ ...about, isFound: status < 300 || status === 409 }).toEqual({ ...about, isFound: true });
    if (status < 300) expect(JSON.stringify(body)).not.toMatch(inCapitals);
    const [, same] = before;
    if (!same) continue;
    expect({ ...about, status }).toEqual({ ...about, status: same.status });
    if (operation.method === 'GET' && status < 300) expect(body).toEqual(same.body);
  }
  const names = asked.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['GET /orders/{orderId}', 'POST /orders', 'POST /webhooks/carrier']));
}, 120_000);

test('a customer is the same in capitals, and so is an idempotency key that is a UUID', async () => {
  const { userId = '', orderId = '', sku = '' } = known;
  const another = await shop.user();
  const headers = { authorization: `Bearer ${await platform.token(another.toUpperCase(), 'customer')}` };
  const place = (key: string) => shop.place({ userId: another, sku }, { ...headers, 'idempotency-key': key });
  const key = randomUUID();
  const placed = await eventually(async () => {
    const answer = await place(key.toUpperCase());
    expect(answer).toMatchObject({ status: 202, body: { userId: another } });
    return answer.body;
  });
  expect((await place(key)).body).toEqual(placed);
  const mine = await platform.call('GET', `/orders/${String(placed['orderId']).toUpperCase()}`, undefined, { headers });
  expect(mine).toMatchObject({ status: 200, body: { userId: another } });
  // Another user's id in capitals is still another user's.
  expect(userId).not.toBe(another);
  expect(await platform.call('GET', `/orders/${orderId}`, undefined, { headers })).toMatchObject({ status: 404 });
});

test('whatever stands in a path, a query, a body or a header, it is no error of ours', async () => {
  const failed: unknown[] = [];
  for (const operation of ordered()) {
    const waiting = attacks(operation, requests);
    const work = async () => {
      for (let next = waiting.pop(); next; next = waiting.pop()) {
        const { instead, isRefused } = next;
        const { status, body } = await requests.ask(operation, instead);
        const isFine = isRefused ? status === 400 && body['field'] !== undefined : status < 500;
        if (!isFine) failed.push({ route: operation.name, status, code: body['code'], instead: show(instead) });
      }
    };
    await Promise.all([work(), work(), work(), work()]);
  }
  expect(failed).toEqual([]);
}, 300_000);

const show = (instead: Instead): string => JSON.stringify(instead).slice(0, 300);

test.each([
  ['a NUL', '\0'],
  ['half a surrogate', '\ud800'],
  ['a name', 'admin'],
  ['nothing', ''],
])('a signed token whose subject is %s is refused by every route', async (_what, sub) => {
  const authorization = `Bearer ${await tokenIssuerOf(world.env).sign({ userId: sub, role: 'operator' })}`;
  for (const operation of operations.filter(({ isSecured }) => isSecured)) {
    const { status } = await requests.ask(operation, { headers: { authorization } });
    expect({ route: operation.name, status }).toEqual({ route: operation.name, status: 401 });
  }
});

test('every route that takes a body refuses a compressed one, and documents that', async () => {
  for (const operation of operations.filter(({ body }) => body !== undefined)) {
    const body = new Uint8Array(gzipSync(requests.bodyWith(operation)));
    const { status, headers } = await requests.ask(operation, { body, headers: { 'content-encoding': 'gzip' } });
    expect({ route: operation.name, status, takes: headers.get('accept-encoding') }).toEqual({
      route: operation.name,
      status: 415,
      takes: 'identity',
    });
    expect({ route: operation.name, documented: operation.responses }).toMatchObject({
      documented: expect.arrayContaining(['400', '401', '413', '415']),
    });
  }
});

test('every path says with 405 which methods it takes', async () => {
  for (const operation of operations) {
    const { status, headers } = await requests.ask({ ...operation, method: 'PROPFIND' });
    const allow = headers.get('allow')?.split(', ');
    expect({ route: operation.name, status, allow }).toMatchObject({ status: 405 });
    expect(allow).toContain(operation.method);
  }
});
