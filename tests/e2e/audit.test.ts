import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client as Postgres } from 'pg';
import { reconcileScheduleId } from '../../contracts/saga/reconciliation';
import { sagaworks } from '../support/command';
import { eventually } from '../lib-support/eventually';
import { onTemporal, terminateSaga } from '../support/on-temporal';
import { runSql } from '../support/broken-table';
import { createWorld, startTestPlatform, type TestPlatform, type World } from '../support/platform';
import { createShop } from '../support/shop';

let world: World;
let platform: TestPlatform;
const shop = createShop(() => platform);

beforeAll(async () => {
  world = await createWorld({ RECONCILE_EVERY_MS: '1000' });
  platform = await startTestPlatform(world);
}, 120_000);
afterAll(async () => {
  await platform.stop();
  await world.drop();
});

async function run(service: string, statement: string, value: string): Promise<void> {
  const client = new Postgres({ connectionString: world.databases[service] });
  await client.connect();
  await client.query(statement, [value]);
  await client.end();
}
const audit = () => sagaworks(platform, ['audit', '--settle', '0'], world.env);
const metrics = async (): Promise<string> => (await fetch(`${platform.url}/metrics`)).text();

test('after a clean run nothing differs; what is changed by hand is reported with its order', async () => {
  const userId = await shop.user();
  const sku = await shop.product(9);
  const [kept, paid] = [await shop.order({ userId, sku }), await shop.order({ userId, sku })];
  const ended = await shop.order({ userId, sku });
  const declined = await shop.order({ userId, sku, token: 'tok_declined' });
  const sent = await shop.order({ userId, sku, token: 'tok_capture_refused' });
  for (const orderId of [kept, paid, ended, declined, sent]) await shop.end(orderId);
  await eventually(
    async () => expect(await audit()).toMatchObject({ code: 0, out: '5 orders: everything agrees\n' }),
    30_000,
  );
  await eventually(async () => expect(await metrics()).toContain('sagaworks_drift{kind="stock-kept"} 0'), 30_000);
  expect(await metrics()).toMatch(/^sagaworks_drift_compared_timestamp_seconds \d+/m);

  await terminateSaga(world, ended);
  expect(await platform.call('POST', `/orders/${ended}/cancel`, {})).toMatchObject({ status: 202 });
  await run(
    'shipping',
    `update simulated_carrier_bookings set outcome = 'cancelled' where key = $1`,
    `order/${paid}/book`,
  );
  await run('shipping', `update shipments set status = 'delivered' where order_id = $1`, sent);
  await run(
    'shipping',
    `update simulated_carrier_bookings set outcome = 'booked' where key = $1`,
    `order/${sent}/book`,
  );
  await run('inventory', 'delete from reservations where order_id = $1', kept);
  await run('payments', 'update payments set captured = captured - 1 where order_id = $1', paid);
  const { code, out } = await audit();
  expect(code).toBe(2);
  expect(out).toMatch(new RegExp(`stock-missing +${kept}`));
  expect(out).toMatch(new RegExp(`money-missing +${paid}`));
  expect(out).toMatch(new RegExp(`gateway-differs +${paid}`));
  expect(out).toMatch(new RegExp(`stock-sum +${sku}`));
  expect(out).toMatch(new RegExp(`carrier-differs +${paid}`));
  expect(out).toMatch(new RegExp(`no-saga +${ended} .*cancelled it`));
  expect(out).not.toContain(declined);

  expect(out).toMatch(new RegExp(`parcel-kept +${sent}`));

  const [, ...settle] =
    /^ *npm run sagaworks -- (audit) (settle) (\S+) (--kind) (\S+) (--reason) "(.+)"$/m.exec(out) ?? [];
  expect(settle[2]).toBe(sent);
  const inUpperCase = settle.map((word) => (word === sent ? word.toUpperCase() : word));
  expect(await sagaworks(platform, inUpperCase)).toMatchObject({ code: 0 });
  expect(
    await sagaworks(platform, ['audit', 'settle', kept, '--kind', 'stock-missing', '--reason', 'x']),
  ).toMatchObject({
    code: 64,
  });
  const unsettled = { kind: 'stock-missing', reason: 'x' };
  expect(await platform.call('POST', `/ops/drift/${kept}/settle`, unsettled)).toMatchObject({ status: 400 });
  const [, ...advised] = /^ *npm run sagaworks -- (sagas) (restart) (\S+) (--reason) "(.+)"$/m.exec(out) ?? [];
  expect(await sagaworks(platform, advised)).toMatchObject({ code: 0 });
  await eventually(async () => expect((await audit()).out).not.toContain(ended), 60_000);
  const after = await audit();
  expect(after.out).not.toContain(sent);
  expect(after.out).toMatch(new RegExp(`stock-missing +${kept}`));
  expect(after.out).toMatch(new RegExp(`money-missing +${paid}`));
  const { body } = await platform.call('GET', '/ops/audit');
  expect(body['items']).toContainEqual(
    expect.objectContaining({
      action: 'drift settle',
      target: sent,
      request: { kind: 'parcel-kept', reason: 'the customer keeps it' },
    }),
  );
}, 120_000);

test('what is changed in a log is found by its seals, and an erasure is not', async () => {
  const chain = () => sagaworks(platform, ['audit', '--chain'], world.env);
  const userId = await shop.user();
  await shop.end(await shop.order({ userId, sku: await shop.product(1) }));
  const sealed = (service: string) =>
    eventually(async () => {
      const [log] = await runSql(world.databases[service], 'select max(position)::int as end from events');
      const [seal] = await runSql(
        world.databases[service],
        `select max(to_position)::int as end from log_seals where log = 'events'`,
      );
      expect(seal).toEqual(log);
    }, 60_000);
  for (const service of ['users', 'orders']) await sealed(service);
  expect(await platform.call('DELETE', `/users/${userId}`)).toMatchObject({ status: 204 });
  await sealed('users');
  const before = await chain();
  expect(before).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^13 logs, \d+ seals over \d+ entries: nothing/),
  });
  expect(before.err).not.toContain('Their own roles');
  // The numbers expire before a slow run has renewed them.
  await eventually(async () => expect(await metrics()).toContain('sagaworks_drift{kind="chain"} 0'), 60_000);

  await run('orders', `update events set data = data || '{"total": 1}' where position = $1`, '1');
  const { code, out } = await chain();
  expect(code).toBe(2);
  expect(out).toMatch(/^orders events 1-\d+ +an entry.* was changed after it was sealed/m);
  await eventually(async () => expect(await metrics()).toContain('sagaworks_drift{kind="chain"} 1'), 60_000);
}, 180_000);

test('when the comparison is switched off, the platform removes the schedule', async () => {
  const schedule = () => onTemporal(world, (client) => client.schedule.getHandle(reconcileScheduleId).describe());
  await schedule();
  await platform.stop();
  world.env['RECONCILE_EVERY_MS'] = '0';
  platform = await startTestPlatform(world);
  await expect(schedule()).rejects.toThrow('not found');
}, 120_000);
