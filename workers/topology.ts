import type { Client } from '@temporalio/client';
import type { Channel } from 'amqplib';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Link } from '../lib/broker/connection';
import { declareExchange, declareQueue } from '../lib/broker/topology';
import { queueOf } from '../lib/inbox/consumer';
import type { Logger } from '../lib/telemetry/logger';
import { createBridge } from './bridge/bridge';
import { consumerName } from './processes/consumer';
import { bridgeName } from './processes/saga';
import { services } from './services';

const attempts = 5;

/**
 * Declares every exchange and every queue of the platform, whichever part of it this process runs: an event that is
 * published before its consumer ever ran waits in that consumer's queue.
 */
export async function declareTopology(link: Link, temporal: Client, logger: Logger): Promise<void> {
  const queues = services.flatMap(({ name, subscriptions }) =>
    subscriptions.map((subscription) => queueOf(consumerName(name), subscription)),
  );
  const declare = async (channel: Channel): Promise<void> => {
    for (const { exchange } of services) await declareExchange(channel, exchange.name);
    for (const queue of [...queues, queueOf(bridgeName, createBridge(temporal))]) await declareQueue(channel, queue);
  };
  // A broker that has only just come up may still end connections.
  for (let attempt = 1; ; attempt += 1) {
    try {
      await link.withChannel(declare);
      return;
    } catch (error) {
      if (attempt === attempts) throw error;
      logger.warn({ err: error, attempt }, 'topology could not be declared; trying again');
      await sleep(500 * attempt);
    }
  }
}
