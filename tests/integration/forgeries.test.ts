import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ConfirmChannel, Options } from 'amqplib';
import { randomUUID } from 'node:crypto';
import type { OutgoingMessage } from '../../lib/events/envelope';
import { deadLetterExchange, delayExchange } from '../../lib/broker/topology/topology';
import { type TestBrokerUsers, giveBrokerUsers } from '../support/broker-users';
import { eventually } from '../lib-support/eventually';
import { orderCreatedMessage } from '../support/order-created';
import { createWorld, startTestPlatform, type TestPlatform, type World } from '../support/platform';

/** Whose queue the forger wants to reach, and a queue that it may retry into. */
const target = 'bridge-order-events';
const own = 'analytics-service-order-events';

let world: World;
let users: TestBrokerUsers;
let platform: TestPlatform;

beforeAll(async () => {
  world = await createWorld();
  users = await giveBrokerUsers(world);
  platform = await startTestPlatform(world);
}, 120_000);
afterAll(async () => {
  await platform.stop();
  await world.drop();
});

/** An order that was never placed, as the orders service would publish it. */
function forgedOrder(): { orderId: string; message: OutgoingMessage } {
  const orderId = randomUUID();
  return { orderId, message: orderCreatedMessage(orderId) };
}

/** Publishes it as a service that only listens, whichever way. */
const publish =
  (exchange: string, routingKey: string, { content, properties }: OutgoingMessage, more: Options.Publish = {}) =>
  (channel: ConfirmChannel) =>
    channel.publish(exchange, routingKey, content, { ...properties, ...more });

const deadLettersOf = async (orderId: string) => {
  const { body } = await platform.call('GET', `/ops/dead-letters?queue=${target}`);
  return (body['items'] as { id: string; stream?: string; reason: string }[]).filter(
    ({ stream }) => stream === `order-${orderId}`,
  );
};

const hasNoSaga = async (orderId: string) =>
  expect(await platform.call('GET', `/ops/sagas/${orderId}`)).toMatchObject({ status: 404 });

const login = () => users.logins['analytics']?.split(':')[0] ?? '';

test.each<[string, (message: OutgoingMessage) => (channel: ConfirmChannel) => unknown]>([
  ['under the name of its queue', (message) => publish(delayExchange(1_000), target, message)],
  ['by a CC header', (message) => publish(delayExchange(1_000), own, message, { CC: target })],
  ['by a BCC header', (message) => publish(delayExchange(1_000), own, message, { BCC: target })],
  ['under its own name', (message) => publish(delayExchange(1_000), target, message, { userId: login() })],
])('an order forged through the delays %s starts no saga', async (_way, attempt) => {
  const { orderId, message } = forgedOrder();
  // Whether it arrives at all depends on the broker; a message to its own queue does, with or without copies.
  const refusal = await users.refusalOf('analytics', attempt(message));
  if (refusal === 'allowed') {
    const marker = forgedOrder();
    await users.refusalOf('analytics', publish(delayExchange(1_000), target, marker.message));
    // It comes after the other one: once it is there, that one is, too.
    await eventually(async () => expect(await deadLettersOf(marker.orderId)).toHaveLength(1), 30_000);
    for (const { reason } of await deadLettersOf(orderId)) expect(reason).toBe('untrusted-origin');
  } else {
    expect(refusal).toMatch(/ACCESS[-_]REFUSED|PRECONDITION[-_]FAILED/);
  }
  await hasNoSaga(orderId);
});

test('no user can publish under the name of another', async () => {
  const { message } = forgedOrder();
  const userId = users.logins['bridge']?.split(':')[0] ?? '';
  const attempt = publish(delayExchange(1_000), target, message, { userId });
  expect(await users.refusalOf('analytics', attempt)).toMatch(/PRECONDITION[-_]FAILED/);
});

test("a dead letter forged into the queue of another consumer is not redriven but at an operator's own risk", async () => {
  const { orderId, message } = forgedOrder();
  const attempt = publish(deadLetterExchange('order-events'), target, message);
  expect(await users.refusalOf('analytics', attempt)).toBe('allowed');
  await eventually(async () => expect(await deadLettersOf(orderId)).toHaveLength(1));
  const redrive = (also: object = {}) =>
    platform.call('POST', '/ops/dead-letters/redrive', { ids: [message.properties.messageId], ...also });
  expect(await redrive()).toMatchObject({
    status: 200,
    body: { matched: 1, stopped: true, letters: [{ outcome: 'untrusted' }] },
  });
  await hasNoSaga(orderId);
  expect(await deadLettersOf(orderId)).toHaveLength(1);
});

test('what an operator redrives at his own risk is accepted', async () => {
  const { orderId, message } = forgedOrder();
  await users.refusalOf('analytics', publish(deadLetterExchange('order-events'), target, message));
  await eventually(async () => expect(await deadLettersOf(orderId)).toHaveLength(1));
  const answer = await platform.call('POST', '/ops/dead-letters/redrive', {
    ids: [message.properties.messageId],
    anyOrigin: true,
  });
  expect(answer).toMatchObject({ status: 200, body: { letters: [{ outcome: 'applied' }] } });
});
