import { afterEach, beforeEach, expect, test } from '@jest/globals';
import pino from 'pino';
import { eventually } from '../../../tests/lib-support/eventually';
import { createRelayWorld, type RelayWorld } from '../../../tests/lib-support/relay';
import { createTestVhost, type TestVhost } from '../../../tests/lib-support/vhost';
import { createMetrics } from '../../telemetry/metrics';
import { connectBroker } from '../connection/connection';
import { declare } from '../topology/declare';
import { mergeTopologies, type Topology } from '../topology/spec';
import { exchangeTopology, unheard, unheardTopology, unrouted } from '../topology/topology';
import { watchUnrouted } from './unrouted-monitor';

const limit = 5;
/** The same with small queues. */
const small = ({ queues, ...rest }: Topology): Topology => ({
  ...rest,
  queues: queues.map(({ name, arguments: args }) => ({ name, arguments: { ...args, 'x-max-length': limit } })),
});

let vhost: TestVhost;
let world: RelayWorld;
beforeEach(async () => {
  vhost = await createTestVhost();
  world = await createRelayWorld({
    vhost,
    bind: async (channel, exchange) => {
      await channel.deleteExchange(exchange);
      await declare(
        channel,
        small(mergeTopologies(exchangeTopology(exchange), unheardTopology(exchange, ['note.read']))),
      );
    },
  });
});
afterEach(async () => {
  await world.end();
  await vhost.drop();
});

const messagesIn = async (queue: string): Promise<number> => (await world.channel.checkQueue(queue)).messageCount;
const published = (count: number) =>
  eventually(async () => {
    const relays = await world.log.database.kysely.selectFrom('relays').select('cursor_position').execute();
    expect(relays).toEqual([{ cursor_position: count }]);
  });

test('events that nobody needs are dropped: beyond every limit nothing is refused, and the relay goes on', async () => {
  for (let count = 0; count < 10 * limit; count += 1) await world.append('note.read');
  await world.relay();
  await published(10 * limit);
  expect(await world.log.database.kysely.selectFrom('relay_refused').selectAll().execute()).toEqual([]);
  await eventually(async () => expect(await messagesIn(unheard)).toBe(limit));
  expect(await messagesIn(unrouted)).toBe(0);
});

test('an event that is declared to be heard, and has no queue, is kept and raises the alarm', async () => {
  const errors: string[] = [];
  const logger = pino({ level: 'error' }, { write: (line: string) => void errors.push(line) });
  const metrics = createMetrics();
  const broker = await connectBroker({ url: vhost.url, name: 'test', logger });
  const stop = watchUnrouted({ link: broker.consuming, metrics, logger, everyMs: 20 });
  try {
    await world.append('note.read');
    await world.append('note.taken');
    await world.relay();
    await published(2);
    await eventually(async () => {
      expect(await metrics.registry.metrics()).toContain('messaging_unrouted_messages 1');
    });
    expect(errors.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { queue: unrouted, messages: 1, more: 1 },
    ]);
    expect(await world.channel.get(unrouted)).toMatchObject({ fields: { routingKey: 'note.taken' } });
  } finally {
    stop();
    await broker.close();
  }
});
