import type { OpenAPIHono } from '@hono/zod-openapi';
import { createPublisher } from '../../lib/broker/publisher';
import type { AppEnv } from '../../lib/http/env';
import { queueOf } from '../../lib/inbox/consumer';
import { createDesk } from '../../lib/ops/desk';
import type { Reader } from '../../lib/ops/readers';
import { createOpsRoutes } from '../../lib/ops/routes';
import { createBridge } from '../bridge/bridge';
import type { Platform } from '../platform';
import { bridgeName } from '../roles';
import { openBridge } from './saga';
import type { ServedService } from './service';

/** Routes for operators, over the services that this process serves and, where its database is known, the bridge. */
export async function startOps(platform: Platform, served: readonly ServedService[]): Promise<OpenAPIHono<AppEnv>[]> {
  if (served.length === 0) return [];
  const { broker, logger, lifecycle, config } = platform;
  const publisher = createPublisher(broker, { name: 'operators', logger });
  lifecycle.onStop('operators publisher', () => publisher.close());
  const bridge = config.BRIDGE_DATABASE_URL === undefined ? [] : [await bridgeReader(platform)];
  const desk = createDesk({
    link: broker.consuming,
    publisher,
    readers: [...served.flatMap(({ readers }) => readers), ...bridge],
    logs: served.map(({ log }) => log),
  });
  return [createOpsRoutes(desk)];
}

async function bridgeReader(platform: Platform): Promise<Reader> {
  const subscription = createBridge(() => platform.temporal.client);
  const { queue } = queueOf(bridgeName, subscription);
  return { service: bridgeName, queue, subscription, db: (await openBridge(platform)).kysely };
}
