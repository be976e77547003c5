import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connect, type ChannelModel, type ConfirmChannel } from 'amqplib';
import { eventually } from '../../../tests/lib-support/eventually';
import { required } from '../../../tests/lib-support/required';
import { createTestVhost, type TestVhost } from '../../../tests/lib-support/vhost';
import { migrateTopology } from './migrate-topology';
import { declare } from '../topology/declare';
import { interimQueue } from '../topology/difference';
import { createManagement, type Management } from '../management';
import { mergeTopologies, type Topology } from '../topology/spec';
import { delayExchange, delayTopology, queueTopology } from '../topology/topology';
import { namespace } from '../../config/namespace';

/** Each test has an exchange and a consumer of its own: `first` consumes `first-events` from `first-queue`. */
const queueOf = (consumer: string) => `${consumer}-queue`;
const exchangeOf = (consumer: string) => `${consumer}-events`;
const topologyOf = (consumer: string, queue = queueOf(consumer)): Topology =>
  mergeTopologies(
    queueTopology({ queue, exchange: exchangeOf(consumer), bindings: ['note.#'] }),
    delayTopology([1_000]),
  );
/** The same as declared before the delivery limit was changed. */
const before = (topology: Topology): Topology => ({
  ...topology,
  queues: topology.queues.map((queue) =>
    'x-delivery-limit' in queue.arguments
      ? { ...queue, arguments: { ...queue.arguments, 'x-delivery-limit': 5 } }
      : queue,
  ),
});

let vhost: TestVhost;
let management: Management;
let connection: ChannelModel;
let channel: ConfirmChannel;

beforeAll(async () => {
  vhost = await createTestVhost();
  management = createManagement({ url: required('RABBITMQ_MANAGEMENT_URL'), amqpUrl: vhost.url });
  connection = await connect(vhost.url);
  channel = await connection.createConfirmChannel();
});
afterAll(async () => {
  await connection.close();
  await vhost.drop();
});

const applyTo = (consumer: string, desired = topologyOf(consumer), log: (line: string) => void = () => undefined) =>
  migrateTopology({ amqpUrl: vhost.url, management, desired, consumers: [consumer], renamed: new Map(), log });
const publish = (messageId: string, to: string, routingKey = 'note.taken'): Promise<void> =>
  new Promise((resolve, reject) =>
    channel.publish(to, routingKey, Buffer.from('{}'), { messageId, headers: { kept: 'yes' } }, (refused: unknown) =>
      refused ? reject(new Error('refused')) : resolve(),
    ),
  );

/** The ids of all messages in a queue, including duplicates. */
async function takeAll(queue: string): Promise<string[]> {
  const ids: string[] = [];
  for (let got = await channel.get(queue, { noAck: true }); got; got = await channel.get(queue, { noAck: true })) {
    expect(got).toMatchObject({ fields: { routingKey: 'note.taken' }, properties: { headers: { kept: 'yes' } } });
    ids.push(String(got.properties.messageId));
  }
  return ids;
}

test('an empty broker gets everything, including limits, and the next run has nothing to do', async () => {
  const lines: string[] = [];
  expect(await applyTo('first', topologyOf('first'), (line) => lines.push(line))).toEqual([]);
  expect(lines).toContain(`policy ${namespace}.first-queue was missing`);
  expect(await vhost.api(`policies/${vhost.name}/${namespace}.first-queue`)).toMatchObject({
    pattern: '^first-queue$',
    definition: { 'max-length': 1_000_000 },
  });
  const said: string[] = [];
  expect(await applyTo('first', topologyOf('first'), (line) => said.push(line))).toEqual([]);
  expect(said).toEqual([]);
});

test('a changed argument is applied while messages are published, and nothing is lost', async () => {
  const [queue, exchange, count] = [queueOf('changed'), exchangeOf('changed'), 3_000];
  await declare(channel, before(topologyOf('changed')));
  await Promise.all(Array.from({ length: count }, (_, index) => publish(`waiting-${index}`, exchange)));
  let published = 0;
  const enough = new AbortController();
  const publishing = (async () => {
    for (; !enough.signal.aborted; published += 1) await publish(`running-${published}`, exchange);
  })();
  expect(await applyTo('changed')).toEqual([]);
  enough.abort();
  await publishing;

  expect(published).toBeGreaterThan(100);
  expect(new Set(await takeAll(queue)).size).toBe(count + published);
  expect(await vhost.api(`queues/${vhost.name}/${queue}`)).toMatchObject({ arguments: { 'x-delivery-limit': 20 } });
}, 60_000);

test('a queue with consumers is not migrated: messages that they hold could not be moved', async () => {
  const queue = queueOf('consumed');
  await declare(channel, before(topologyOf('consumed')));
  const consuming = await connection.createChannel();
  await consuming.consume(queue, () => undefined);
  await publish('held', exchangeOf('consumed'));
  await expect(applyTo('consumed')).rejects.toMatchObject({ code: 'conflict' });
  await consuming.close();
  expect(await applyTo('consumed')).toEqual([]);
  expect(await takeAll(queue)).toEqual(['held']);
});

test('an interrupted migration is completed: the messages of the interim queue return', async () => {
  const [queue, exchange] = [queueOf('halfway'), exchangeOf('halfway')];
  await declare(channel, topologyOf('halfway'));
  await channel.deleteQueue(queue);
  await channel.assertQueue(interimQueue(queue), { durable: true, arguments: { 'x-queue-type': 'quorum' } });
  await channel.bindQueue(interimQueue(queue), exchange, 'note.#');
  await publish('kept', exchange);
  expect(await applyTo('halfway')).toEqual([]);
  expect(await takeAll(queue)).toEqual(['kept']);
});

test('the next version of a queue takes over the messages of the one before, also those still in a delay', async () => {
  const [queue, exchange] = [queueOf('versioned'), exchangeOf('versioned')];
  await applyTo('versioned');
  await publish('old', exchange);
  await publish('delayed', delayExchange(1_000), queue);
  expect(await applyTo('versioned', topologyOf('versioned', `${queue}.v2`))).toEqual([]);
  await publish('new', exchange);
  await eventually(async () => expect((await channel.checkQueue(`${queue}.v2`)).messageCount).toBe(3));
});

test('a superfluous queue is deleted once it is empty, and kept until then', async () => {
  await applyTo('unneeded');
  await publish('precious', exchangeOf('unneeded'));
  const needed = topologyOf('unneeded', 'unneeded-other-queue');
  expect(await applyTo('unneeded', needed)).toEqual([{ what: 'queue', is: 'superfluous', name: 'unneeded-queue' }]);
  expect(await takeAll('unneeded-queue')).toEqual(['precious']);
  expect(await applyTo('unneeded', needed)).toEqual([]);
});

test('without a broker the reason is one line', async () => {
  const nowhere = { url: 'http://guest:guest@127.0.0.1:1', amqpUrl: vhost.url };
  await expect(createManagement(nowhere).read()).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(/^RabbitMQ's management API does not answer at 127\.0\.0\.1:1: [^\n]+$/),
  });
});
