import type { OpenAPIHono } from '@hono/zod-openapi';
import { exchanges } from '../../contracts/events';
import { createPublisher } from '../../lib/broker/publishing/publisher';
import { watchUnrouted } from '../../lib/broker/publishing/unrouted-monitor';
import type { AppEnv } from '../../lib/http/env';
import { newId } from '../../lib/ids/new-id';
import { createOperations } from '../../lib/operations/operations';
import { createSagaRoutes } from '../../lib/operations/sagas/routes';
import { createSagaOperations } from '../../lib/operations/sagas/sagas';
import { watchWaiting } from '../../lib/operations/sagas/waiting-gauge';
import { findDeadLetters } from '../../lib/operations/dead-letters/dead-letters';
import type { Reader } from '../../lib/operations/readers';
import { createOpsRoutes } from '../../lib/operations/routes';
import { createSettlingRoutes } from '../reconciliation/settling';
import { bridge } from '../bridge/bridge';
import { openBridge, subscriptionsOf } from '../bridge/process';
import { orderSagas } from '../saga-subject';
import { resumeSaga } from '../bridge/resume-saga';
import { createExplainOrder } from '../explain/explain';
import { notServed } from '../explain/not-served';
import { createExplainRoutes } from '../explain/routes';
import { policyOf } from '../bridge/policy';
import { databaseUrlOf } from '../config/config';
import type { Platform } from '../platform/platform';
import type { ServedService } from '../platform/start-service';
import { heldByPeers } from './peers';
import { readersOf } from './readers';

/** The routes for operators, for the services that this process serves and, where its database is configured, the bridge. */
export async function startOps(platform: Platform, served: readonly ServedService[]): Promise<OpenAPIHono<AppEnv>[]> {
  if (served.length === 0) return [];
  const { broker, logger, metrics, lifecycle, config } = platform;
  const publisher = createPublisher(broker, { name: 'operators', logger, metrics });
  lifecycle.onStop('operators publisher', () => publisher.close());
  lifecycle.onStop('unrouted messages', watchUnrouted({ link: broker.consuming, metrics, logger }));
  const ofBridge = databaseUrlOf(config, bridge.name) === undefined ? [] : await bridgeReaders(platform);
  const readers = [...served.flatMap((service) => service.readers), ...ofBridge];
  const queues = readers.map(({ queue }) => queue);
  const logs = served.flatMap(({ log }) => log ?? []);
  const operations = createOperations({
    link: broker.consuming,
    publisher,
    readers,
    logs,
    consumers: platform.consumers,
    heldElsewhere: () => heldByPeers(config.PEER_URLS, queues),
  });
  const explain = createExplainOrder({
    traces: served.flatMap(({ traces }) => traces),
    logs,
    readers,
    client: platform.temporal?.client,
    deadLettersOf: (queue, ids) => findDeadLetters(broker.consuming, queue, { ids }),
    notHere: notServed(served),
  });
  const [first] = served;
  const orders = served.find(({ log }) => log?.service === exchanges.orders.producer);
  const always = [
    createOpsRoutes(operations),
    createExplainRoutes(explain),
    ...(orders ? [createSettlingRoutes(orders.db)] : []),
  ];
  if (!first || !platform.temporal) return always;
  const { client } = platform.temporal;
  watchWaiting(client, orderSagas, platform);
  const sagas = createSagaOperations({
    client,
    subject: orderSagas,
    // The lock against two restarts of one saga at once is per database: all processes that serve orders share it. A
    // process that does not serve orders uses another database, so its restarts are not excluded by theirs.
    db: (orders ?? first).db,
    ids: newId,
    resume: async (orderId) => {
      await resumeSaga(client, { orderId }, (currency) => policyOf(config, currency, platform.ownersAreHere));
    },
  });
  return [...always, createSagaRoutes(sagas, orderSagas.name)];
}

async function bridgeReaders(platform: Platform): Promise<Reader[]> {
  const { kysely: db } = await openBridge(platform);
  return readersOf(platform.config, bridge, subscriptionsOf(platform), db);
}
