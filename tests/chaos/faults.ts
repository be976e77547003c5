import { connect } from 'amqplib';
import { setTimeout as sleep } from 'node:timers/promises';
import { toMessage, type PublishableEvent } from '../../lib/events/envelope';
import type { System } from '../../infra/local/systems';
import type { Proxy } from '../lib-support/proxy';
import type { Arena } from './arena';
import { countEvents, selectNewest, selectSome } from './platform-store';
import type { Random } from './random';

/** Something that goes wrong; striking resolves when it is over. */
export interface Fault {
  name: string;
  strike(arena: Arena, random: Random): Promise<void>;
}

const kill = (process: string): Fault => ({
  name: `kill -9 of ${process}`,
  strike: (arena) => {
    arena.processes.find(({ name }) => name === process)?.kill();
    return Promise.resolve();
  },
});

const cut = (name: string, line: (arena: Arena) => Proxy): Fault => ({
  name,
  async strike(arena, random) {
    line(arena).cut();
    await sleep(random.between(100, 1_500));
    line(arena).restore();
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
  async strike(arena, random) {
    const log = random.pick(arena.logs);
    const offset = Math.floor(random.next() * (await countEvents(log.database.kysely)));
    await publish(arena, log, await selectSome(log.database.kysely, 100, offset));
  },
};

const reversed: Fault = {
  name: 'newest events published in reverse',
  async strike(arena, random) {
    const log = random.pick(arena.logs);
    await publish(arena, log, await selectNewest(log.database.kysely, 100));
  },
};

/** Publishes past the relay, under the same ids. */
async function publish(
  { rabbitmqUrl }: Arena,
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
export const faultsIn = ({ restart }: Arena): readonly Fault[] =>
  restart ? [...anywhere, ...restartsOf('rabbitmq', 'postgres')] : anywhere;

/** Those that a saga meets: its workers, its server, its databases. */
export const sagaFaults: readonly Fault[] = [
  ...['api-and-relays', 'bridge', 'saga', 'saga', 'activities', 'activities'].map(kill),
  ...restartsOf('temporal', 'postgres'),
];
