import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '../../../tests/lib-support/database';
import type { PaymentGateway } from './gateway';
import { gatewayMigrations } from './migrations';
import { createSimulatedGateway } from './simulator';
import type { GatewayTables } from './store';

const amount = { amount: 2500, currency: 'EUR' };
const approved = { outcome: 'approved', flagged: false };

let books: TestDatabase<GatewayTables>;
let gateway: PaymentGateway;

beforeAll(async () => {
  books = await createTestDatabase<GatewayTables>(gatewayMigrations);
  gateway = createSimulatedGateway(books);
});
afterAll(() => books.drop());

/** A held payment, and the keys to do more with it. */
async function held(token: string) {
  const [authorization, capture] = [`authorize ${randomUUID()}`, `capture ${randomUUID()}`];
  await gateway.authorize(authorization, { amount, token });
  return { authorization, capture, captureIt: () => gateway.capture(capture, { amount, authorization }) };
}

test.each([
  ['tok_ok', approved],
  ['tok_review', { outcome: 'approved', flagged: true }],
  ['tok_declined', { outcome: 'refused', reason: 'The card was declined' }],
  ['tok_nobody_knows', { outcome: 'refused', reason: 'The payment token is unknown' }],
])('%s is answered the same, however often it is asked with one key', async (token, answer) => {
  const key = randomUUID();
  expect(await gateway.authorize(key, { amount, token })).toEqual(answer);
  expect(await gateway.authorize(key, { amount, token })).toEqual(answer);
  expect(await gateway.find(key)).toEqual(answer);
});

test('tok_flaky has two faults a payment, in which nothing is held, and then works', async () => {
  const key = randomUUID();
  const ask = () => gateway.authorize(key, { amount, token: 'tok_flaky' });
  await expect(ask()).rejects.toMatchObject({ code: 'unavailable' });
  await expect(ask()).rejects.toMatchObject({ code: 'unavailable' });
  expect(await gateway.find(key)).toBeUndefined();
  expect(await ask()).toEqual(approved);
  expect(await ask()).toEqual(approved);
});

test('tok_timeout acts and loses its answers', async () => {
  const key = randomUUID();
  await expect(gateway.authorize(key, { amount, token: 'tok_timeout' })).rejects.toMatchObject({ code: 'unavailable' });
  expect(await gateway.find(key)).toEqual(approved);
});

test('a capture of tok_capture_refused is refused, and one without a hold', async () => {
  const { captureIt } = await held('tok_capture_refused');
  expect(await captureIt()).toMatchObject({ outcome: 'refused' });
  const nowhere = await gateway.capture(randomUUID(), { amount, authorization: randomUUID() });
  expect(nowhere).toMatchObject({ outcome: 'refused' });
});

test('what was voided or refunded before it came never happens', async () => {
  const key = randomUUID();
  await gateway.void(key);
  expect(await gateway.authorize(key, { amount, token: 'tok_ok' })).toEqual({ outcome: 'undone' });

  const { capture, captureIt } = await held('tok_ok');
  await gateway.refund(capture);
  expect(await captureIt()).toEqual({ outcome: 'undone' });
});

test('a key with another amount is refused as a mistake', async () => {
  const { authorization } = await held('tok_ok');
  const other = { amount: { amount: 1, currency: 'EUR' }, token: 'tok_ok' };
  await expect(gateway.authorize(authorization, other)).rejects.toMatchObject({ code: 'effect-key-reused' });
});

test('its books outlive the process', async () => {
  const { authorization } = await held('tok_ok');
  expect(await createSimulatedGateway(books).find(authorization)).toEqual(approved);
});
