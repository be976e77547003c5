import type { OpenAPIHono } from '@hono/zod-openapi';
import { v7 as uuidv7 } from 'uuid';
import { createPublisher } from '../../lib/broker/publishing/publisher';
import { watchUnrouted } from '../../lib/broker/publishing/unrouted-monitor';
import type { AppEnv } from '../../lib/http/env';
import { createOperations } from '../../lib/operations/operations';
import { createSagaRoutes } from '../../lib/operations/sagas/routes';
import { createSagaOperations } from '../../lib/operations/sagas/sagas';
import { watchWaiting } from '../../lib/operations/sagas/waiting-gauge';
import type { Reader } from '../../lib/operations/readers';
import { createOpsRoutes } from '../../lib/operations/routes';
import { createSettlingRoutes } from '../reconciliation/settling';
import { bridge } from '../bridge/bridge';
import { openBridge, subscriptionsOf } from '../bridge/process';
import { orderSagas } from '../saga-subject';
import { resumeSaga } from '../bridge/resume-saga';
import { policyOf } from '../bridge/settings';
import { databaseUrlOf } from '../config/config';
import type { Platform } from '../platform/platform';
import type { ServedService } from '../platform/start-service';
import { readersOf } from './readers';

/** Routes for operators, over the services that this process serves and, where its database is known, the bridge. */
export async function startOps(platform: Platform, served: readonly ServedService[]): Promise<OpenAPIHono<AppEnv>[]> {
  if (served.length === 0) return [];
  const { broker, logger, metrics, lifecycle, config } = platform;
  const publisher = createPublisher(broker, { name: 'operators', logger, metrics });
  lifecycle.onStop('operators publisher', () => publisher.close());
  lifecycle.onStop('unrouted messages', watchUnrouted({ link: broker.consuming, metrics, logger }));
  const ofBridge = databaseUrlOf(config, bridge.name) === undefined ? [] : await bridgeReaders(platform);
  const operations = createOperations({
    link: broker.consuming,
    publisher,
    readers: [...served.flatMap(({ readers }) => readers), ...ofBridge],
    logs: served.flatMap(({ log }) => log ?? []),
    consumers: platform.consumers,
  });
  const [first] = served;
  const orders = served.find(({ log }) => log?.service === 'orders');
  const always = [createOpsRoutes(operations), ...(orders ? [createSettlingRoutes(orders.db)] : [])];
  if (!first || !platform.temporal) return always;
  const { client } = platform.temporal;
  watchWaiting(client, orderSagas, platform);
  const sagas = createSagaOperations({
    client,
    subject: orderSagas,
    // Its lock keeps two restarts of one saga apart, and is per database. Processes that serve orders share the lock; one
    // that does not has another database, and two restarts at once in processes of both kinds are not kept apart.
    db: (orders ?? first).db,
    ids: uuidv7,
    resume: async (orderId) => {
      await resumeSaga(client, { orderId }, (currency) => policyOf(config, currency));
    },
  });
  return [...always, createSagaRoutes(sagas, orderSagas.name)];
}

async function bridgeReaders(platform: Platform): Promise<Reader[]> {
  const { kysely: db } = await openBridge(platform);
  return readersOf(platform.config, bridge, subscriptionsOf(platform), db);
}
