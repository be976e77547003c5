import type { Client } from '@temporalio/client';
import type { Link } from '../lib/broker/connection';
import { declareExchange, declareQueue } from '../lib/broker/topology';
import { queueOf } from '../lib/inbox/consumer';
import { createBridge } from './bridge/bridge';
import { consumerName } from './processes/consumer';
import { bridgeName } from './processes/saga';
import { services } from './services';

/**
 * Declares every exchange and every queue of the platform, whichever part of it this process runs: an event that is
 * published before its consumer ever ran waits in that consumer's queue.
 */
export async function declareTopology(link: Link, temporal: Client): Promise<void> {
  const queues = services.flatMap(({ name, subscriptions }) =>
    subscriptions.map((subscription) => queueOf(consumerName(name), subscription)),
  );
  await link.withChannel(async (channel) => {
    for (const { exchange } of services) await declareExchange(channel, exchange.name);
    for (const queue of [...queues, queueOf(bridgeName, createBridge(temporal))]) await declareQueue(channel, queue);
  });
}
