import { afterEach, expect, test } from '@jest/globals';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { sql } from 'kysely';
import { eventually } from '../../tests/lib-support/eventually';
import { programOf } from '../../tests/lib-support/program';
import { startProxy, type Proxy } from '../../tests/lib-support/proxy';
import { createRelayWorld, type RelayWorld } from '../../tests/lib-support/relay';
import { createTestVhost } from '../../tests/lib-support/vhost';
import { createMetrics } from '../telemetry/metrics';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** A world whose relays reach the broker through a proxy that can be cut. */
async function createFarWorld(): Promise<{ world: RelayWorld; line: Proxy }> {
  const vhost = await createTestVhost();
  const far = new URL(vhost.url);
  const line = await startProxy({ host: far.hostname, port: Number(far.port) });
  far.port = String(line.port);
  const world = await createRelayWorld({ vhost, brokerUrl: far.href });
  ends.push(
    () => world.end(),
    () => line.close(),
    () => vhost.drop(),
  );
  return { world, line };
}

/** Many events of one stream each, in one transaction. */
const appendMany = ({ log }: RelayWorld, count: number) =>
  sql`insert into events (event_id, stream, version, type, data_version, data, metadata)
    select gen_random_uuid(), 'note-' || gen_random_uuid(), 1, 'note.made', 1, '{}', '{"correlationId": "c"}'
    from generate_series(1, ${count}::int)`.execute(log.database.kysely);

const different = ({ received }: RelayWorld): number => new Set(received.map(({ id }) => id)).size;
const cursorOf = async ({ log }: RelayWorld): Promise<number> => {
  const relays = log.database.kysely.selectFrom('relays').select('cursor_position');
  return (await relays.executeTakeFirst())?.cursor_position ?? 0;
};

test('while the broker is away events wait in the log; when it is back they are published without a restart', async () => {
  const { world, line } = await createFarWorld();
  const metrics = createMetrics();
  await world.relay({ metrics });
  await appendMany(world, 10);
  await eventually(() => {
    expect(different(world)).toBe(10);
  });
  line.cut();
  await appendMany(world, 500);
  await eventually(async () => {
    expect(await metrics.registry.metrics()).toMatch(/error_type="unavailable"\} [3-9]/);
  });
  expect(different(world)).toBe(10);
  line.restore();
  await eventually(() => {
    expect(different(world)).toBe(510);
  });
});

test('however often the line breaks in the middle, everything arrives', async () => {
  const { world, line } = await createFarWorld();
  const count = 5_000;
  await appendMany(world, count);
  await world.relay({ tuning: { batchSize: 100, window: 200 } });
  for (let breaks = 1; breaks <= 3; breaks += 1) {
    await eventually(() => {
      expect(different(world)).toBeGreaterThan(breaks * 500);
    });
    line.cut();
    const cursor = await cursorOf(world);
    // Confirmed messages may still be on their way to the consumer.
    await eventually(() => expect(different(world)).toBeGreaterThanOrEqual(cursor));
    line.restore();
  }
  await eventually(() => {
    expect(different(world)).toBe(count);
  });
  await eventually(async () => {
    expect(await cursorOf(world)).toBe(count);
  });
  // Messages lost on the way do not count as refused.
  expect(await world.log.database.kysely.selectFrom('relay_refused').selectAll().execute()).toEqual([]);
});

test('when a relay is killed in the middle, the next one publishes the rest, and little of it twice', async () => {
  const vhost = await createTestVhost();
  const world = await createRelayWorld({ vhost });
  ends.push(
    () => world.end(),
    () => vhost.drop(),
  );
  const count = 20_000;
  await appendMany(world, count);
  const { file, execArgv } = programOf('tests/lib-support/relay-process.ts');
  const child = fork(file, [world.exchange], {
    execArgv,
    env: { ...process.env, DATABASE_URL: world.log.url, RABBITMQ_URL: vhost.url },
  });
  ends.unshift(() => Promise.resolve(child.kill('SIGKILL')));
  await eventually(() => {
    expect(world.received.length).toBeGreaterThan(1_000);
  });
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await cursorOf(world)).toBeLessThan(count);

  await world.relay();
  await eventually(() => {
    expect(different(world)).toBe(count);
  }, 60_000);
  expect(world.received.length).toBeLessThan(count + 5_000);
});
