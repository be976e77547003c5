import type { Options } from 'amqplib';
import type { Migration } from 'kysely/migration';
import { sql, type Kysely, type Transaction } from 'kysely';
import { randomUUID } from 'node:crypto';
import pino from 'pino';
import { z } from 'zod';
import { defineEvent } from '../../lib/events/define';
import { connectBroker, type Broker } from '../../lib/broker/connection/connection';
import { toMessage, type OutgoingMessage, type PublishableEvent } from '../../lib/events/envelope';
import { createPublisher, type Publisher } from '../../lib/broker/publishing/publisher';
import { declareExchange } from '../../lib/broker/topology/declare';
import { deadLetterQueue } from '../../lib/broker/topology/topology';
import { createConsumer, type Consumer } from '../../lib/inbox/processing/consumer';
import type { ConsumerOptions } from '../../lib/inbox/processing/consumer-options';
import { inboxMigrations } from '../../lib/inbox/migrations';
import { opsMigrations } from '../../lib/operations/migrations';
import { ordered, type Subscription } from '../../lib/inbox/subscription/subscription';
import { createMetrics, type Metrics } from '../../lib/telemetry/metrics';
import { createTestDatabase, type TestDatabase } from './database';
import { createTestVhost, type TestVhost } from './vhost';

export const noteTaken = defineEvent('note.taken', {
  stream: 'note',
  versions: [{ schema: z.strictObject({ text: z.string() }) }],
  example: { text: 'milk' },
});
const noteRead = defineEvent('note.read', {
  stream: 'note',
  versions: [{ schema: z.strictObject({}) }],
  example: {},
});

const noteErased = defineEvent('note.erased', {
  stream: 'note',
  erases: true,
  versions: [{ schema: z.strictObject({}) }],
  example: {},
});

/** The exchange of the inbox's tests: notes are taken, read, and erased with their content. */
export const noteEvents = {
  name: 'note-events',
  producer: 'notes',
  events: [noteTaken, noteRead, noteErased] as const,
};

/** A row for every effect, in the sequence of the effects. */
interface EffectRow {
  seq: number;
  stream: string;
  version: number;
  text: string;
}
export interface NoteTables {
  effects: EffectRow;
}

const tables: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`create table effects (seq serial, stream text, version int, text text)`.execute(db);
  },
};

export interface DeadLetter {
  id: string;
  content: string;
  headers: Record<string, unknown>;
}

/** A virtual host and a database for one test, with functions to send events and to read the outcome. */
export interface InboxWorld {
  vhost: TestVhost;
  broker: Broker;
  test: TestDatabase<NoteTables>;
  metrics: Metrics;
  publisher: Publisher;
  /** Starts a consumer; it is stopped with the world at the latest. */
  consume(subscription: Subscription, options?: Partial<ConsumerOptions>): Promise<Consumer>;
  /** Publishes `note.taken` as the relay would. */
  publish(note: Partial<PublishableEvent>): Promise<void>;
  /** Publishes any message, as a foreign publisher might. */
  publishRaw(content: Buffer, properties: Options.Publish, routingKey?: string): Promise<void>;
  effects(stream?: string): Promise<{ stream: string; version: number; text: string }[]>;
  parked(): Promise<{ stream: string; version: number; reason: string }[]>;
  /** Removes the dead letters from their queue and returns them. */
  deadLetters(): Promise<DeadLetter[]>;
  /** The number of messages ready in a queue. */
  ready(queue: string): Promise<number>;
  consumersOf(queue: string): Promise<number>;
  /** The value of a counter, summed over the labels not given. */
  counted(name: string, labels?: Record<string, string>): Promise<number>;
  drop(): Promise<void>;
}

export const newStream = (): string => `note-${randomUUID()}`;

/** A note as an event, by default of version 1. */
export const note = (part: Partial<PublishableEvent> = {}): PublishableEvent => ({
  id: randomUUID(),
  stream: newStream(),
  version: 1,
  type: 'note.taken',
  dataVersion: 1,
  data: JSON.stringify({ text: 'milk' }),
  metadata: { correlationId: 'test' },
  time: new Date(),
  ...part,
});

const to = { exchange: noteEvents.name, source: '/services/notes' };
export const noteMessage = (part: Partial<PublishableEvent> = {}): OutgoingMessage => toMessage(note(part), to);

type NoteHandler = (stream: string, version: number, text: string, db: Transaction<NoteTables>) => Promise<void>;

/** Writes one row per event. */
export const writeEffect: NoteHandler = async (stream, version, text, db) => {
  await sql`insert into effects (stream, version, text) values (${stream}, ${version}, ${text})`.execute(db);
};

/** A projection of notes; by default its handler writes a row. */
export const notes = (name = `notes_${randomUUID()}`, handler: NoteHandler = writeEffect): Subscription =>
  ordered<NoteTables>()({
    name,
    version: 1,
    from: noteEvents,
    on: { 'note.taken': ({ text }, db, { stream, version }) => handler(stream, version, text, db) },
  });

const consumerName = 'reader';
/** The only queue of a world. */
export const queueName = `${consumerName}-${noteEvents.name}`;

/** Runs a test in a world of its own. */
export const inWorld = (test: (world: InboxWorld) => Promise<void>) => async (): Promise<void> => {
  const world = await createInboxWorld();
  try {
    await test(world);
  } finally {
    await world.drop();
  }
};

/** `brokerPort`: the port of a proxy to the broker that can be cut. */
export async function createInboxWorld({ brokerPort }: { brokerPort?: number } = {}): Promise<InboxWorld> {
  const logger = pino({ level: process.env['TEST_LOG_LEVEL'] ?? 'silent' });
  const [vhost, test] = await Promise.all([
    createTestVhost(),
    createTestDatabase<NoteTables>({ ...inboxMigrations, ...opsMigrations, notes_0001: tables }),
  ]);
  const url = new URL(vhost.url);
  if (brokerPort !== undefined) url.port = String(brokerPort);
  const broker = await connectBroker({
    url: url.href,
    name: 'test',
    logger,
    backoffMs: 50,
    maxBackoffMs: 200,
  });
  const metrics = createMetrics();
  const publisher = createPublisher(broker, {
    name: 'test',
    logger,
    prepare: (channel) => declareExchange(channel, noteEvents.name),
  });
  const db = test.database.kysely;
  const started: Consumer[] = [];
  const check = (queue: string) => broker.consuming.withChannel((channel) => channel.checkQueue(queue));
  await publishWhenReady(publisher, noteMessage({ type: 'nobody.listens' }));

  return {
    vhost,
    broker,
    test,
    metrics,
    publisher,
    async consume(subscription, options = {}) {
      const consumer = createConsumer({
        broker,
        publisher,
        database: test.database as ConsumerOptions['database'],
        consumer: consumerName,
        subscription,
        logger,
        metrics,
        retryDelaysMs: [50, 100, 150],
        ...options,
      });
      started.push(consumer);
      await consumer.start();
      return consumer;
    },
    publish: (part) => publishWhenReady(publisher, noteMessage(part)),
    publishRaw: (content, properties, routingKey = 'note.taken') =>
      publishWhenReady(publisher, {
        exchange: noteEvents.name,
        routingKey,
        content,
        properties: { messageId: randomUUID(), ...properties },
      }),
    effects: (stream) =>
      db
        .selectFrom('effects')
        .select(['stream', 'version', 'text'])
        .$if(stream !== undefined, (query) => query.where('stream', '=', stream ?? ''))
        .orderBy('seq')
        .execute(),
    async parked() {
      const { rows } = await sql<{ stream: string; version: number; reason: string }>`
        select stream, version, reason from inbox_parked order by stream, version`.execute(db);
      return rows;
    },
    deadLetters: () =>
      broker.consuming.withChannel(async (channel) => {
        const dead: DeadLetter[] = [];
        const queue = deadLetterQueue(queueName);
        for (let got = await channel.get(queue); got; got = await channel.get(queue)) {
          channel.ack(got);
          dead.push({
            id: String(got.properties.messageId),
            content: got.content.toString(),
            headers: { ...got.properties.headers },
          });
        }
        return dead;
      }),
    ready: async (queue) => (await check(queue)).messageCount,
    consumersOf: async (queue) => (await check(queue)).consumerCount,
    async counted(name, labels = {}) {
      const metric = await metrics.registry.getSingleMetric(name)?.get();
      const matching = (metric?.values ?? []).filter((value) =>
        Object.entries(labels).every(([label, wanted]) => String(value.labels[label]) === wanted),
      );
      return matching.reduce((sum, { value }) => sum + value, 0);
    },
    async drop() {
      await Promise.all(started.map((consumer) => consumer.stop()));
      await publisher.close();
      await broker.close();
      await Promise.all([vhost.drop(), test.drop()]);
    },
  };
}

/** The publisher fails immediately while it has no channel; tests need not handle that. */
async function publishWhenReady(publisher: Publisher, message: OutgoingMessage): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      await publisher.publish(message);
      return;
    } catch (error) {
      if (tries > 200) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
