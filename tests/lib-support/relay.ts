import { connect, type Channel, type ConsumeMessage } from 'amqplib';
import { randomUUID } from 'node:crypto';
import { fromMessage, type Envelope } from '../../lib/events/envelope';
import { connectBroker, type Broker } from '../../lib/broker/connection/connection';
import { createPublisher, type Publisher } from '../../lib/broker/publishing/publisher';
import type { Queryable } from '../../lib/db/database';
import { appendEvents } from '../../lib/eventlog/store';
import type { StreamAppend } from '../../lib/eventlog/events';
import { eventLogMigrations } from '../../lib/eventlog/migrations';
import { createRelay, type Relay, type RelayOptions } from '../../lib/eventlog/relay';
import type { EventLogTables } from '../../lib/eventlog/tables';
import { createLogger } from '../../lib/telemetry/logger';
import { createMetrics } from '../../lib/telemetry/metrics';
import { createTestDatabase, type TestDatabase } from './database';
import type { TestVhost } from './vhost';

const silent = createLogger({ name: 'test', level: 'silent' });

/** A log, an exchange and a consumer: the surroundings of a relay. */
export interface RelayWorld {
  log: TestDatabase<EventLogTables>;
  exchange: string;
  /** For declaring and consuming. */
  channel: Channel;
  publisher: Publisher;
  /** Everything that has arrived, in order of arrival, including duplicates. */
  received: Envelope[];
  /** Appends one event of this type to a new stream, or to the given place. */
  append(type: string, place?: Partial<StreamAppend>, on?: Queryable): Promise<void>;
  /** Starts a relay, which is stopped with the world at the latest; by default it polls the log often. */
  relay(options?: Partial<RelayOptions>): Promise<Relay>;
  end(): Promise<void>;
}

export interface RelayWorldOptions {
  /** The virtual host to use; several worlds may share one. */
  vhost: TestVhost;
  /** The address through which the publisher reaches the broker, such as a proxy. */
  brokerUrl?: string;
  /** Declares the queues bound to the exchange; by default one for everything, consumed into `received`. */
  bind?: (channel: Channel, exchange: string, receive: Receive) => Promise<void>;
  confirmTimeoutMs?: number;
}

type Receive = (message: ConsumeMessage | null) => void;

async function bindAll(channel: Channel, exchange: string, receive: Receive): Promise<void> {
  const { queue } = await channel.assertQueue('', { durable: false, exclusive: true });
  await channel.bindQueue(queue, exchange, '#');
  await channel.consume(queue, receive, { noAck: true });
}

export async function createRelayWorld(options: RelayWorldOptions): Promise<RelayWorld> {
  const { vhost, brokerUrl = vhost.url, bind = bindAll, confirmTimeoutMs = 10_000 } = options;
  const log = await createTestDatabase<EventLogTables>(eventLogMigrations);
  const exchange = `test-${randomUUID()}`;
  const own = await connect(vhost.url);
  const channel = await own.createChannel();
  await channel.assertExchange(exchange, 'topic', { durable: true });
  const received: Envelope[] = [];
  await bind(channel, exchange, (message) => {
    if (message) received.push(fromMessage(message));
  });

  const connection = { name: 'test', logger: silent, backoffMs: 50, maxBackoffMs: 200 };
  const broker: Broker = await connectBroker({ ...connection, url: brokerUrl });
  const publisher = createPublisher(broker, { name: 'test', logger: silent, confirmTimeoutMs });
  const relays: Relay[] = [];
  return {
    log,
    exchange,
    channel,
    publisher,
    received,
    append: (type, place, on = log.database.kysely) =>
      appendEvents(on, [
        {
          stream: `note-${randomUUID()}`,
          expectedVersion: 0,
          events: [{ type, dataVersion: 1, data: { type } }],
          ...place,
        },
      ]),
    async relay({ tuning, ...more } = {}) {
      const relay = createRelay({
        database: log,
        exchange,
        source: '/test',
        publisher,
        logger: silent,
        metrics: createMetrics(),
        owner: 'test',
        ...more,
        tuning: { pollMs: 20, backOffMs: [20, 200], ...tuning },
      });
      relays.push(relay);
      await relay.start();
      return relay;
    },
    async end() {
      for (const relay of relays) await relay.stop();
      await publisher.close();
      await broker.close();
      await own.close();
      await log.drop();
    },
  };
}
