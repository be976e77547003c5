import { expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { platformError } from '../../../lib/errors/errors';
import { sign } from '../../../lib/http/signature';
import { createTestApp, type Answer } from '../../../tests/support/app';
import type { Report, Shipment } from '../domain';
import { createCarrierWebhook } from './webhook';

const secret = 'what only the carrier knows';
const now = new Date('2026-01-01T00:00:00Z');
const inSeconds = (seconds: number): string => String(now.getTime() / 1000 + seconds);
const shipmentId = randomUUID();
const dispatched = JSON.stringify({ shipmentId, status: 'dispatched' });

interface Sent {
  body?: string;
  timestamp?: string;
  headers?: Record<string, string>;
  knownSecrets?: string[];
  report?: (shipmentId: string, what: Report) => Promise<Shipment>;
}

/** Sends a report to the route in front of a service that takes every report, and lists what the service was told. */
async function send(change: Sent = {}): Promise<Answer & { told: Report[] }> {
  const told: Report[] = [];
  const accept = (id: string, what: Report): Promise<Shipment> => {
    told.push(what);
    return Promise.resolve({ shipmentId: id, status: what } as Shipment);
  };
  const {
    body = dispatched,
    timestamp = inSeconds(0),
    headers = {},
    report = accept,
    knownSecrets = [secret],
  } = change;
  const http = await createTestApp(createCarrierWebhook({ report }, { secrets: () => knownSecrets, clock: () => now }));
  const answer = await http.call('POST', '/webhooks/carrier', body, {
    authorization: '',
    'x-carrier-timestamp': timestamp,
    'x-carrier-signature': sign(secret, timestamp, body),
    ...headers,
  });
  return { ...answer, told };
}

test('a signed report is accepted without a bearer token', async () => {
  expect(await send()).toMatchObject({ status: 202, body: { shipmentId, status: 'dispatched' }, told: ['dispatched'] });
  const prefixed = { 'x-carrier-signature': `sha256=${sign(secret, inSeconds(0), dispatched)}` };
  expect(await send({ headers: prefixed })).toMatchObject({ status: 202 });
});

test('during a rotation either secret signs', async () => {
  const next = 'what the carrier will know next';
  for (const knownSecrets of [
    [secret, next],
    [next, secret],
  ])
    expect(await send({ knownSecrets })).toMatchObject({ status: 202 });
});

test.each<[string, Sent]>([
  ['without a signature', { headers: { 'x-carrier-signature': '' } }],
  ['without a timestamp', { headers: { 'x-carrier-timestamp': '' } }],
  ['with another secret', { knownSecrets: ['what only another carrier knows'] }],
  ['signed for another body', { headers: { 'x-carrier-signature': sign(secret, inSeconds(0), `${dispatched} `) } }],
  ['signed for another time', { headers: { 'x-carrier-timestamp': inSeconds(1) } }],
  ['signed too long ago', { timestamp: inSeconds(-301) }],
  ['signed in the future', { timestamp: inSeconds(301) }],
  ['malformed and unsigned', { body: '{', headers: { 'x-carrier-signature': 'x' } }],
])('a report %s is refused with 401 and not passed to the service', async (_how, sent) => {
  const answer = await send(sent);
  expect(answer).toMatchObject({ status: 401, body: { code: 'signature-invalid' }, told: [] });
  expect(answer.headers.get('www-authenticate')).toBe('Signature');
});

test.each([-300, 300])('a report %i seconds from now is within the window', async (seconds) => {
  expect(await send({ timestamp: inSeconds(seconds) })).toMatchObject({ status: 202 });
});

test.each([
  ['{"status":"dispatched"}', 'shipmentId'],
  [`{"shipmentId":"17","status":"dispatched"}`, 'shipmentId'],
  [`{"shipmentId":"${shipmentId}","status":"lost"}`, 'status'],
  [`{"shipmentId":"${shipmentId}","status":"delivered","by":"hand"}`, 'by'],
  ['[]', '$'],
])('the signed body %s is refused with 400 and its field', async (body, field) => {
  expect(await send({ body })).toMatchObject({ status: 400, body: { code: 'invalid-request', field }, told: [] });
});

test('a signed body that is no JSON is refused with 400', async () => {
  expect(await send({ body: '{"status":' })).toMatchObject({ status: 400, body: { code: 'malformed-json' } });
});

test.each([
  ['not-found', 404],
  ['conflict', 409],
] as const)('what the service refuses as %s is answered with %i', async (code, status) => {
  const report = (): Promise<Shipment> => Promise.reject(platformError(code, 'no'));
  expect(await send({ report })).toMatchObject({ status, body: { code } });
});

test('without a secret every report is answered with 503', async () => {
  expect(await send({ knownSecrets: [] })).toMatchObject({
    status: 503,
    body: { code: 'unavailable' },
    told: [],
  });
});

test('the document says how to sign, and asks for no bearer token', async () => {
  const routes = createCarrierWebhook(
    { report: () => Promise.reject(new Error()) },
    { secrets: () => [secret], clock: () => now },
  );
  const { body } = await (await createTestApp(routes)).call('GET', '/openapi.json');
  expect(body).toMatchObject({
    paths: {
      '/webhooks/carrier': {
        post: { security: [], parameters: [{ name: 'x-carrier-timestamp' }, { name: 'x-carrier-signature' }] },
      },
    },
  });
});
