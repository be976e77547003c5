import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connect, type ChannelModel, type ConfirmChannel } from 'amqplib';
import pino from 'pino';
import { connectBroker } from '../../lib/broker/connection/connection';
import { createDeclare } from '../../lib/broker/topology/declare';
import type { QueueSpec, Topology } from '../../lib/broker/topology/spec';
import {
  deadLetterExchange,
  deadLetterQueue,
  defaultRetryDelaysMs,
  delayExchange,
} from '../../lib/broker/topology/topology';
import { brokerClients } from '../../workers/modules/roles';
import { services } from '../../workers/modules/discover';
import { revocationsQueue } from '../../workers/topology/revocations';
import { platformTopology, queuesOf } from '../../workers/topology/topology';
import { createTestBrokerUsers, type TestBrokerUsers } from '../support/broker-users';
import { createTestVhost, type TestVhost } from '../lib-support/vhost';

const topology: Topology = platformTopology();
const anExchange = 'order-events';
const aQueue = 'unrouted';
let vhost: TestVhost;
let users: TestBrokerUsers;

beforeAll(async () => {
  vhost = await createTestVhost();
  const logger = pino({ level: 'silent' });
  const broker = await connectBroker({ url: vhost.url, name: 'test', logger });
  await createDeclare(broker.publishing, logger)(topology);
  await broker.close();
  users = await createTestBrokerUsers(vhost.url);
}, 120_000);
afterAll(() => vhost.drop());

type Attempt = (channel: ConfirmChannel, name: string) => Promise<unknown>;

const onExchanges: Record<string, Attempt> = {
  publish: async (channel, name) => {
    channel.publish(name, 'nobody', Buffer.from('{}'));
    await channel.waitForConfirms();
  },
  bind: (channel, name) => channel.bindQueue(aQueue, name, 'nobody'),
  declare: (channel, name) => channel.assertExchange(`${name}.mine`, 'topic'),
  delete: (channel, name) => channel.deleteExchange(name),
};
const onQueues: Record<string, Attempt> = {
  publish: async (channel, name) => {
    channel.publish('', name, Buffer.from('{}'));
    await channel.waitForConfirms();
  },
  consume: (channel, name) => channel.get(name),
  purge: (channel, name) => channel.purgeQueue(name),
  bind: (channel, name) => channel.bindQueue(name, anExchange, 'nobody'),
  declare: (channel, name) => channel.assertQueue(`${name}.mine`),
  delete: (channel, name) => channel.deleteQueue(name),
};

/** A stream is never purged, whoever asks, and is consumed with a prefetch. */
const { purge: _, ...onStreams }: Record<string, Attempt> = {
  ...onQueues,
  consume: async (channel, name) => {
    await channel.prefetch(1);
    await channel.consume(name, () => undefined);
  },
};
const isStream = ({ arguments: { 'x-queue-type': type } }: QueueSpec): boolean => type === 'stream';

/** What a user may do, from what its service declares; all else is refused. */
function allowedTo(client: string): string[] {
  const queues = queuesOf(client);
  const own = services.flatMap(({ name, exchange }) => (name === client && exchange ? [exchange.name] : []));
  const delays = queues.length > 0 ? defaultRetryDelaysMs.map(delayExchange) : [];
  const erasing = ({ exchange }: { exchange: string }): boolean =>
    services.some((service) => service.exchange?.name === exchange && service.exchange.events.some((e) => e.erases));
  const readable = queues.flatMap(({ queue, ...of }) => (erasing(of) ? [queue, deadLetterQueue(queue)] : [queue]));
  return [
    ...[...own, ...delays, ...queues.map(({ exchange }) => deadLetterExchange(exchange))].map(
      (name) => `publish exchange ${name}`,
    ),
    ...readable.flatMap((name) => [`consume queue ${name}`, `purge queue ${name}`]),
    ...(services.some(({ name }) => name === client) ? [`consume queue ${revocationsQueue}`] : []),
  ];
}

/** Tries one thing on a channel of its own, which the broker closes when it refuses. */
async function isAllowed(connection: ChannelModel, attempt: (channel: ConfirmChannel) => Promise<unknown>) {
  const channel = await connection.createConfirmChannel();
  const refused = new Promise<string>((resolve) => channel.on('error', (error: Error) => resolve(error.message)));
  const refusal = await Promise.race([
    refused,
    attempt(channel).then(
      () => undefined,
      () => refused,
    ),
  ]);
  if (refusal === undefined) await channel.close();
  else expect(refusal).toMatch(/ACCESS[-_]REFUSED/);
  return refusal === undefined;
}

test.each(brokerClients)(
  '%s may do with every exchange and every queue what its service declares, and no more',
  async (client) => {
    const connection = await connect(users.urlOf(client), { noDelay: true });
    connection.on('error', () => undefined); // The attempt that failed says why.
    const allowed: string[] = [];
    const tryAll = async (kind: 'exchange' | 'queue', names: string[], attempts: Record<string, Attempt>) => {
      for (const name of names)
        for (const [verb, attempt] of Object.entries(attempts))
          if (await isAllowed(connection, (channel) => attempt(channel, name))) allowed.push(`${verb} ${kind} ${name}`);
    };
    const names = (specs: readonly { name: string }[]) => specs.map(({ name }) => name);
    await tryAll('exchange', names(topology.exchanges), onExchanges);
    const streams = topology.queues.filter(isStream);
    await tryAll('queue', names(topology.queues.filter((queue) => !isStream(queue))), onQueues);
    await tryAll('queue', names(streams), onStreams);
    await connection.close();
    expect(allowed.sort()).toEqual([...new Set(allowedTo(client))].sort());
  },
);
