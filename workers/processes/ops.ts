import type { OpenAPIHono } from '@hono/zod-openapi';
import { v7 as uuidv7 } from 'uuid';
import { createPublisher } from '../../lib/broker/publishing/publisher';
import { watchUnrouted } from '../../lib/broker/publishing/unrouted-monitor';
import type { AppEnv } from '../../lib/http/env';
import { queueOf } from '../../lib/inbox/processing/consumer';
import { createDesk } from '../../lib/operations/operations';
import { createSagaRoutes } from '../../lib/operations/sagas/routes';
import { createSagaDesk } from '../../lib/operations/sagas/sagas';
import { watchWaiting } from '../../lib/operations/sagas/waiting-gauge';
import type { Reader } from '../../lib/operations/readers';
import { createOpsRoutes } from '../../lib/operations/routes';
import { createSettlingRoutes } from '../reconciliation/settling';
import { orderSagas } from '../saga-subject';
import { bridgeShape } from '../bridge/bridge';
import { resumeSaga } from '../bridge/resume-saga';
import { letterWriters } from '../brokers';
import { policyOf } from '../config';
import type { Platform } from '../platform';
import { bridgeName } from '../roles';
import { openBridge } from './saga';
import type { ServedService } from './service';

/** Routes for operators, over the services that this process serves and, where its database is known, the bridge. */
export async function startOps(platform: Platform, served: readonly ServedService[]): Promise<OpenAPIHono<AppEnv>[]> {
  if (served.length === 0) return [];
  const { broker, logger, metrics, lifecycle, config } = platform;
  const publisher = createPublisher(broker, { name: 'operators', logger, metrics });
  lifecycle.onStop('operators publisher', () => publisher.close());
  lifecycle.onStop('unrouted messages', watchUnrouted({ link: broker.consuming, metrics, logger }));
  const bridge = config.BRIDGE_DATABASE_URL === undefined ? [] : await bridgeReaders(platform);
  const desk = createDesk({
    link: broker.consuming,
    publisher,
    readers: [...served.flatMap(({ readers }) => readers), ...bridge],
    logs: served.flatMap(({ log }) => log ?? []),
    consumers: platform.consumers,
  });
  const [first] = served;
  const orders = served.find(({ log }) => log?.service === 'orders');
  const always = [createOpsRoutes(desk), ...(orders ? [createSettlingRoutes(orders.db)] : [])];
  if (!first || !platform.temporal) return always;
  const { client } = platform.temporal;
  watchWaiting(client, orderSagas, platform);
  const sagas = createSagaDesk({
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
  return bridgeShape().map((subscription) => {
    const { queue } = queueOf(bridgeName, subscription);
    const users = letterWriters(platform.config, bridgeName, subscription);
    return { service: bridgeName, queue, subscription, users, db };
  });
}
