import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { selectStream } from '../../lib/eventlog/store';
import { createCommitNotifier, type CommitNotifier } from '../../lib/eventlog/commit-notifier';
import { createTestDatabase, type TestDatabase } from '../../tests/lib-support/database';
import { latch } from '../../tests/lib-support/latch';
import { details } from '../../tests/support/order-details';
import { paymentIdOf } from './domain';
import type { PaymentGateway } from './gateway/gateway';
import { gatewayMigrations } from './gateway/migrations';
import { createSimulatedGateway } from './gateway/simulator';
import { findOperation, type GatewayTables } from './gateway/store';
import { paymentMigrations } from './migrations';
import { createPaymentsService } from './service';
import type { PaymentTables } from './tables';

const amount = { amount: 2500, currency: 'EUR' };

let payments: TestDatabase<PaymentTables>;
let books: TestDatabase<GatewayTables>;
let simulator: PaymentGateway;
let notifier: CommitNotifier;

beforeAll(async () => {
  payments = await createTestDatabase<PaymentTables>(paymentMigrations);
  books = await createTestDatabase<GatewayTables>(gatewayMigrations);
  simulator = createSimulatedGateway(books);
  notifier = createCommitNotifier(payments.database);
});
afterAll(async () => {
  await notifier.close();
  await payments.drop();
  await books.drop();
});

/** An order about to be paid with `token`; `change` puts something between the service and the gateway. */
function order(token: string, change: Partial<PaymentGateway> = {}) {
  const gateway = { ...simulator, ...change };
  const service = createPaymentsService({
    details,
    database: payments.database,
    gateway,
    notifier,
    clock: () => new Date(),
  });
  const orderId = randomUUID();
  const keys = { authorize: `order/${orderId}/authorize`, capture: `order/${orderId}/capture` };
  const request = { orderId, userId: randomUUID(), amount, token };
  return {
    keys,
    request,
    authorize: () => service.authorizePayment(keys.authorize, request),
    void: () => service.voidPayment(keys.authorize, { orderId }),
    capture: () => service.capturePayment(keys.capture, { orderId }),
    refund: () => service.refundPayment(keys.capture, { orderId }),
    payment: async () => (await service.paymentsOf(orderId))[0],
    events: async () =>
      (await selectStream(payments.database.kysely, `payment-${paymentIdOf(orderId)}`)).map(({ type }) => type),
    atGateway: async () => ({
      authorization: (await findOperation(books.database.kysely, keys.authorize))?.outcome,
      capture: (await findOperation(books.database.kysely, keys.capture))?.outcome,
    }),
  };
}

test('money is held, then moved; asked again, nothing more happens', async () => {
  const paid = order('tok_ok');
  const answer = { paymentId: paymentIdOf(paid.request.orderId), flagged: false };
  expect(await paid.authorize()).toEqual(answer);
  expect(await paid.authorize()).toEqual(answer);
  await paid.capture();
  await paid.capture();
  expect(await paid.payment()).toMatchObject({ status: 'captured', captured: 2500, refunded: 0 });
  expect(await paid.events()).toEqual(['payment.authorized', 'payment.captured']);
});

test('ten calls at the same time hold the money once', async () => {
  const paid = order('tok_ok');
  await Promise.all(Array.from({ length: 10 }, paid.authorize));
  expect(await paid.events()).toEqual(['payment.authorized']);
});

test('a declined card is declined every time, and once in the log', async () => {
  const declined = order('tok_declined');
  await expect(declined.authorize()).rejects.toMatchObject({ code: 'payment-declined' });
  await expect(declined.authorize()).rejects.toMatchObject({ code: 'payment-declined' });
  expect(await declined.events()).toEqual(['payment.declined']);
  expect(await declined.payment()).toMatchObject({ status: 'declined', captured: 0 });
});

test('a refused capture leaves a hold that can be voided', async () => {
  const refused = order('tok_capture_refused');
  await refused.authorize();
  await expect(refused.capture()).rejects.toMatchObject({ code: 'capture-refused' });
  expect(await refused.void()).toBe('undone');
  expect(await refused.refund()).toBe('nothing-to-undo');
  expect(await refused.events()).toEqual(['payment.authorized', 'payment.declined', 'payment.voided']);
  expect(await refused.atGateway()).toEqual({ authorization: 'undone', capture: 'refused' });
});

test('a flagged card asks for a review', async () => {
  expect(await order('tok_review').authorize()).toMatchObject({ flagged: true });
});

test('temporary faults of the gateway are retryable', async () => {
  const flaky = order('tok_flaky');
  await expect(flaky.authorize()).rejects.toMatchObject({ code: 'unavailable' });
  await expect(flaky.authorize()).rejects.toMatchObject({ code: 'unavailable' });
  await flaky.authorize();
  expect(await flaky.events()).toEqual(['payment.authorized']);
});

test('when the answers are lost, the gateway is asked what came of it, and charges once', async () => {
  const lost = order('tok_timeout');
  await lost.authorize();
  await lost.capture();
  expect(await lost.payment()).toMatchObject({ status: 'captured', captured: 2500 });
  const capture = await findOperation(books.database.kysely, lost.keys.capture);
  expect(capture).toMatchObject({ outcome: 'approved', calls: 1 });
});

test('an error of the gateway that did nothing stays an error', async () => {
  const unreachable = order('tok_ok', { authorize: () => Promise.reject(new Error('connect ECONNREFUSED')) });
  await expect(unreachable.authorize()).rejects.toThrow('ECONNREFUSED');
  expect(await unreachable.payment()).toBeUndefined();
});

test('a refund returns what was captured, once, and a void after it does nothing', async () => {
  const back = order('tok_ok');
  await back.authorize();
  await back.capture();
  expect(await back.refund()).toBe('undone');
  expect(await back.refund()).toBe('undone');
  expect(await back.void()).toBe('nothing-to-undo');
  expect(await back.events()).toEqual(['payment.authorized', 'payment.captured', 'payment.refunded']);
  expect(await back.payment()).toMatchObject({ status: 'refunded', captured: 2500, refunded: 2500 });
  expect(await back.atGateway()).toEqual({ authorization: 'undone', capture: 'undone' });
});

test('an authorization that comes after its void is refused, and leaves nothing at the gateway', async () => {
  const late = order('tok_ok');
  await late.void();
  await expect(late.authorize()).rejects.toMatchObject({ code: 'step-fenced' });
  expect(await late.atGateway()).toMatchObject({ authorization: 'undone' });
  expect(await late.events()).toEqual([]);
});

test('a capture that comes after its refund is refused, and moves nothing', async () => {
  const late = order('tok_ok');
  await late.authorize();
  await late.refund();
  await expect(late.capture()).rejects.toMatchObject({ code: 'step-fenced' });
  expect(await late.atGateway()).toMatchObject({ capture: 'undone' });
  expect(await late.payment()).toMatchObject({ status: 'authorized', captured: 0 });
});

test('a void while the gateway is asked wins, even over a gateway without fences', async () => {
  const [asked, voided] = [latch(), latch()];
  const slow = order('tok_ok', {
    authorize: async (key, request) => {
      asked.open();
      await voided.opened;
      return simulator.authorize(key, request);
    },
    // This one forgets a void of something that it has not seen.
    void: async (key) => {
      if (await simulator.find(key)) await simulator.void(key);
    },
  });
  const authorizing = expect(slow.authorize()).rejects.toMatchObject({ code: 'step-fenced' });
  await asked.opened;
  await slow.void();
  voided.open();
  await authorizing;
  expect(await slow.atGateway()).toMatchObject({ authorization: 'undone' });
  expect(await slow.events()).toEqual([]);
});

test('one key for two different payments is refused', async () => {
  const first = order('tok_ok');
  await first.authorize();
  first.request.amount = { amount: 1, currency: 'EUR' };
  await expect(first.authorize()).rejects.toMatchObject({ code: 'effect-key-reused' });
});

test('no transaction is open while the gateway is asked', async () => {
  const open: unknown[] = [];
  const watch = async (): Promise<void> => {
    const { rows } = await payments.database.pool.query<{ state: string }>(
      `select state from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`,
    );
    open.push(...rows);
  };
  const watched = order('tok_ok', {
    authorize: (key, request) => watch().then(() => simulator.authorize(key, request)),
    capture: (key, request) => watch().then(() => simulator.capture(key, request)),
    void: (key) => watch().then(() => simulator.void(key)),
    refund: (key) => watch().then(() => simulator.refund(key)),
  });
  await watched.authorize();
  await watched.capture();
  await watched.refund();
  await watched.void();
  expect(open).toEqual([]);
});
