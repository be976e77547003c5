import { expect, test } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { createTail } from '../../lib/eventlog/tail';
import { selectAfter } from '../../lib/eventlog/store';
import { createCommitNotifier } from '../../lib/eventlog/commit-notifier';
import { product } from '../../contracts/product';
import { roles } from '../../contracts/http/roles';
import { createTestApp } from '../../tests/support/app';
import { createTestTokens, type TestTokens } from '../../tests/lib-support/tokens';
import { startServer } from '../../lib/http/server';
import { createTestDatabase, type TestDatabase } from '../../tests/lib-support/database';
import { openEventSource, type EventSource } from '../../tests/support/event-source';
import { eventually } from '../../tests/lib-support/eventually';
import { startProxy } from '../../tests/lib-support/proxy';
import { seedProduct, seedUserProfile } from '../../tests/support/seeds';
import { details } from '../../tests/support/order-details';
import { createLive } from './live';
import { orderMigrations } from './migrations';
import { createOrderRoutes } from './routes';
import { createOrdersService } from './service';
import type { OrderTables } from './tables';

const userId = uuidv7();

/** An API process behind a line that can be cut. */
async function startApi(db: TestDatabase<OrderTables>, tokens: TestTokens) {
  const notifier = createCommitNotifier(db.database);
  const service = createOrdersService({
    details,
    database: db.database,
    notifier,
    clock: () => new Date(),
    ids: uuidv7,
  });
  const live = createLive(db.database.kysely, createTail({ database: db.database, notifier }));
  const { app } = await createTestApp(createOrderRoutes(service, details, live), { tokens });
  const server = await startServer(app, { host: '127.0.0.1', port: 0, product });
  const line = await startProxy({ host: '127.0.0.1', port: server.port });
  const close = async (): Promise<void> => {
    await line.close();
    await server.stop();
    await notifier.close();
  };
  return { service, line, url: `http://127.0.0.1:${line.port}`, close };
}

const request = {
  userId,
  items: [{ sku: 'TEA-1', quantity: 2 }],
  payment: { token: 'tok_ok' },
  shippingAddress: { name: 'Ada', line1: '12 St James Square', city: 'London', postalCode: 'SW1Y', country: 'GB' },
  ifUnavailable: 'cancel' as const,
};

const told = ({ heard }: EventSource): string[] =>
  heard.map(({ data }) => `${(data['data'] as { orderId: string }).orderId}/${String(data['version'])}`);

test('a reader that loses its connection ten times, before its first event too, misses nothing and sees nothing twice', async () => {
  const db = await createTestDatabase<OrderTables>(orderMigrations);
  await seedUserProfile(db.database.kysely, { user_id: userId, email: 'ada@example.com', name: 'Ada' });
  await seedProduct(db.database.kysely, { sku: 'TEA-1', name: 'Green tea', amount: 1250, currency: 'EUR' });
  const tokens = createTestTokens(roles);
  const apis = [await startApi(db, tokens), await startApi(db, tokens)];
  const [{ service }] = apis as [(typeof apis)[0], (typeof apis)[0]];
  const place = async () =>
    (await service.place(request, { actor: userId, key: uuidv7(), operation: 'POST /orders', requestHash: 'x' }))
      .orderId;
  const before = await place();
  const watched = await place();
  // An open transaction elsewhere in the cluster may hold them back: told late, they would be news.
  const start = { xid: '0', position: 0 };
  await eventually(async () => expect((await selectAfter(db.database.kysely, start, 2)).events).toHaveLength(2));
  const authorization = `Bearer ${await tokens.issuer.sign({ userId, role: 'operator' })}`;
  const open = (path: string) =>
    openEventSource(
      apis.map(({ url }) => url + path),
      authorization,
    );
  const [one, all] = [open(`/orders/${watched}/stream`), open('/orders/stream')];

  const happened: string[] = [];
  const happen = async (round: number, when: string): Promise<void> => {
    const { version } = await service.change(watched, { type: 'need-attention', step: when, reason: String(round) });
    happened.push(`${watched}/${version}`, `${await place()}/1`);
  };
  for (let round = 1; round <= 10; round += 1) {
    await eventually(() => expect([one.opened, all.opened]).toEqual([round, round]));
    for (const { line } of apis) line.cut();
    await eventually(() => expect([one.lost, all.lost]).toEqual([round, round]));
    await happen(round, 'while it is away');
    for (const { line } of apis) line.restore();
    await happen(round, 'while it comes back');
  }

  await eventually(() => expect(told(all)).toHaveLength(40));
  expect(told(all)).toEqual(happened);
  expect(told(all)).not.toContain(`${before}/1`);
  const ofWatched = Array.from({ length: 21 }, (_, index) => `${watched}/${index + 1}`);
  await eventually(() => expect(told(one).length).toBeGreaterThanOrEqual(21));
  expect(told(one)).toEqual(ofWatched);
  expect(one.heard.map(({ id }) => id)).toEqual(ofWatched);
  await Promise.all([one.close(), all.close()]);
  for (const api of apis) await api.close();
  await db.drop();
}, 120_000);
