import { connect } from 'amqplib';
import { setTimeout as sleep } from 'node:timers/promises';
import { toMessage, type PublishableEvent } from '../../lib/events/envelope';
import type { System } from '../../infra/local/systems';
import type { Proxy } from '../lib-support/proxy';
import type { TestBed } from './test-bed';
import { countEvents, selectNewest, selectSome } from './platform-store';
import type { Random } from './random';

/** Something that goes wrong; striking resolves when it is over. */
export interface Fault {
  name: string;
  strike(testBed: TestBed, random: Random): Promise<void>;
}

const kill = (process: string): Fault => ({
  name: `kill -9 of ${process}`,
  strike: (testBed) => {
    testBed.processes.find(({ name }) => name === process)?.kill();
    return Promise.resolve();
  },
});

const cut = (name: string, line: (testBed: TestBed) => Proxy): Fault => ({
  name,
  async strike(testBed, random) {
    line(testBed).cut();
    await sleep(random.between(100, 1_500));
    line(testBed).restore();
  },
});

/** The broker ends every connection of the platform, politely. */
const closed: Fault = {
  name: 'connections closed by the broker',
  async strike({ management, vhost }) {
    const path = `vhosts/${encodeURIComponent(vhost)}/connections`;
    const open = ((await management(path)) ?? []) as { name: string }[];
    for (const { name } of open) await management(`connections/${encodeURIComponent(name)}`, 'DELETE');
  },
};

const again: Fault = {
  name: 'duplicates published',
  async strike(testBed, random) {
    const log = random.pick(testBed.logs);
    const offset = Math.floor(random.next() * (await countEvents(log.database.kysely)));
    await publish(testBed, log, await selectSome(log.database.kysely, 100, offset));
  },
};

const reversed: Fault = {
  name: 'newest events published in reverse',
  async strike(testBed, random) {
    const log = random.pick(testBed.logs);
    await publish(testBed, log, await selectNewest(log.database.kysely, 100));
  },
};

/** Publishes past the relay, under the same ids. */
async function publish(
  { rabbitmqUrl }: TestBed,
  to: { exchange: string; source: string },
  events: readonly PublishableEvent[],
): Promise<void> {
  const connection = await connect(rabbitmqUrl);
  const channel = await connection.createConfirmChannel();
  for (const event of events) {
    const { exchange, routingKey, content, properties } = toMessage(event, to);
    channel.publish(exchange, routingKey, content, properties);
  }
  await channel.waitForConfirms();
  await connection.close();
}

const anywhere: readonly Fault[] = [
  ...['api-and-relays', 'consumers', 'bridge', 'saga', 'activities', 'witness'].map(kill),
  cut('line to RabbitMQ cut', ({ lines }) => lines.broker),
  cut('line to PostgreSQL cut', ({ lines }) => lines.database),
  closed,
  again,
  reversed,
];

const restartsOf = (...systems: readonly System[]): Fault[] =>
  systems.flatMap((system) =>
    (['stopped', 'killed'] as const).map((how) => ({
      name: `${system} ${how} and started`,
      strike: async ({ restart }) => restart?.(system, how),
    })),
  );

/** The faults that can strike here. */
export const faultsIn = ({ restart }: TestBed): readonly Fault[] =>
  restart ? [...anywhere, ...restartsOf('rabbitmq', 'postgres')] : anywhere;

/** Those that a saga meets: its workers, its server, its databases. */
export const sagaFaults: readonly Fault[] = [
  ...['api-and-relays', 'bridge', 'saga', 'saga', 'activities', 'activities'].map(kill),
  ...restartsOf('temporal', 'postgres'),
];
