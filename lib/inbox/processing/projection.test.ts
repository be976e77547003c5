import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { eventually } from '../../../tests/lib-support/eventually';
import { inWorld, newStream, note, notes, writeEffect } from '../../../tests/lib-support/inbox';
import { createLogger } from '../../telemetry/logger';
import { watchParked } from '../failure/parked-gauge';
import { namespace } from '../../config/namespace';

/** The versions of a stream in the order in which they took effect. */
const versionsOf = (effects: { version: number }[]): number[] => effects.map(({ version }) => version);

test(
  'an event that comes again takes effect once',
  inWorld(async (world) => {
    await world.consume(notes());
    const [first, last] = [note(), note()];
    for (const event of [first, first, last, first]) await world.publish(event);
    await eventually(async () =>
      expect(await world.counted('messaging_client_consumed_messages_total', { outcome: 'duplicate' })).toBe(2),
    );
    expect(await world.effects(first.stream)).toHaveLength(1);
    // Another stream, another lane: it may still be on its way.
    await eventually(async () => expect(await world.effects(last.stream)).toHaveLength(1));
  }),
);

test(
  'events that overtook each other take effect in the order of their versions, across streams at once',
  inWorld(async (world) => {
    const streams = Array.from({ length: 20 }, newStream);
    const events = streams.flatMap((stream) => [1, 2, 3, 4, 5].map((version) => note({ stream, version })));
    const twice = [...events, ...events.slice(0, 30)];
    const [shuffled = []] = fc.sample(fc.shuffledSubarray(twice, { minLength: twice.length }), { seed: 7, numRuns: 1 });
    await world.consume(notes());
    await Promise.all(shuffled.map((event) => world.publish(event)));
    await eventually(async () => expect(await world.effects()).toHaveLength(100));
    for (const stream of streams) expect(versionsOf(await world.effects(stream))).toEqual([1, 2, 3, 4, 5]);
    expect(await world.parked()).toEqual([]);
  }),
);

test(
  'an early event waits in the database, and takes effect right after its predecessor',
  inWorld(async (world) => {
    await world.consume(notes());
    const stream = newStream();
    for (const version of [3, 2]) await world.publish({ stream, version });
    await eventually(async () =>
      expect(await world.parked()).toEqual([
        { stream, version: 2, reason: 'early' },
        { stream, version: 3, reason: 'early' },
      ]),
    );
    expect(await world.effects(stream)).toEqual([]);
    await world.publish({ stream, version: 1 });
    await eventually(async () => expect(versionsOf(await world.effects(stream))).toEqual([1, 2, 3]));
    await eventually(async () => expect(await world.parked()).toEqual([]));
  }),
);

test(
  'types without a handler count as versions, so that no gap opens',
  inWorld(async (world) => {
    await world.consume(notes());
    const stream = newStream();
    await world.publish({ stream, version: 1 });
    await world.publish({ stream, version: 2, type: 'note.read', data: '{}' });
    await world.publish({ stream, version: 3 });
    await eventually(async () => expect(versionsOf(await world.effects(stream))).toEqual([1, 3]));
  }),
);

test(
  'writes of a handler that throws are rolled back, with the mark',
  inWorld(async (world) => {
    let failures = 2;
    const flaky = notes('flaky', async (...args) => {
      await writeEffect(...args);
      failures -= 1;
      if (failures >= 0) throw new Error('after writing');
    });
    await world.consume(flaky);
    const event = note();
    await world.publish(event);
    await eventually(() => expect(failures).toBe(-1));
    await eventually(async () => expect(await world.effects(event.stream)).toHaveLength(1));
    expect(await world.counted('messaging_retried_messages_total')).toBe(2);
  }),
);

test(
  'successors of a failing event wait for it, other streams do not; its redrive sets them going',
  inWorld(async (world) => {
    let isBroken = true;
    const [failing, healthy] = [newStream(), newStream()];
    const subscription = notes('broken', async (stream, version, text, db) => {
      if (isBroken && stream === failing && version === 2) throw new Error('broken');
      await writeEffect(stream, version, text, db);
    });
    await world.consume(subscription);
    for (const version of [1, 2, 3, 4]) {
      await world.publish({ stream: failing, version });
      await world.publish({ stream: healthy, version });
    }
    await eventually(async () => expect(versionsOf(await world.effects(healthy))).toEqual([1, 2, 3, 4]));
    const [dead] = await eventually(async () => {
      const deadLetters = await world.deadLetters();
      expect(deadLetters).toHaveLength(1);
      return deadLetters;
    });
    expect(versionsOf(await world.effects(failing))).toEqual([1]);
    expect(versionsOf(await world.parked())).toEqual([3, 4]);

    isBroken = false;
    const headers = Object.entries(dead?.headers ?? {}).filter(([name]) => name.startsWith('cloudEvents:'));
    await world.publishRaw(Buffer.from(dead?.content ?? ''), {
      contentType: 'application/json',
      headers: Object.fromEntries(headers),
    });
    await eventually(async () => expect(versionsOf(await world.effects(failing))).toEqual([1, 2, 3, 4]));
  }),
);

test(
  'a parked event that fails is dead-lettered, not the one that it waited for',
  inWorld(async (world) => {
    const stream = newStream();
    const subscription = notes('second_fails', async (...args) => {
      if (args[1] === 2) throw new Error('never');
      await writeEffect(...args);
    });
    await world.consume(subscription);
    await world.publish({ stream, version: 2 });
    await world.publish({ stream, version: 3 });
    await eventually(async () => expect(await world.parked()).toHaveLength(2));
    await world.publish({ stream, version: 1 });
    const [dead] = await eventually(async () => {
      const deadLetters = await world.deadLetters();
      expect(deadLetters).toHaveLength(1);
      return deadLetters;
    });
    expect(dead?.headers).toMatchObject({ 'cloudEvents:sequence': 2, [`${namespace}-attempts`]: 4 });
    expect(versionsOf(await world.effects(stream))).toEqual([1]);
    expect(versionsOf(await world.parked())).toEqual([3]);
  }),
);

test(
  'one failing event in a batch does not affect the others',
  inWorld(async (world) => {
    const bad = newStream();
    const subscription = notes('one_bad', async (...args) => {
      await writeEffect(...args);
      if (args[0] === bad) throw new Error('bad');
    });
    const events = Array.from({ length: 300 }, (_, index) => note(index === 150 ? { stream: bad } : {}));
    const consumer = await world.consume(subscription);
    await consumer.stop();
    await Promise.all(events.map((event) => world.publish(event)));
    await world.consume(subscription);
    await eventually(async () => expect(await world.effects()).toHaveLength(299));
    await eventually(async () => expect(await world.deadLetters()).toHaveLength(1));
  }),
);

test(
  'a second event with the same version of a stream is dead-lettered, not dropped',
  inWorld(async (world) => {
    await world.consume(notes());
    const stream = newStream();
    const genuine = note({ stream, version: 2 });
    await world.publish(genuine);
    await world.publish(genuine);
    await world.publish({ stream, version: 2 });
    const [dead] = await eventually(async () => {
      const deadLetters = await world.deadLetters();
      expect(deadLetters).toHaveLength(1);
      return deadLetters;
    });
    expect(dead?.headers).toMatchObject({ [`${namespace}-reason`]: 'invalid-message' });
    expect(await world.parked()).toHaveLength(1);
  }),
);

test(
  'the number of parked events is a metric',
  inWorld(async (world) => {
    const subscription = notes('seen');
    await world.consume(subscription);
    const { kysely: db } = world.test.database;
    const { metrics } = world;
    const logger = createLogger({ name: 'parked', level: 'silent' });
    const unwatch = watchParked({ db, subscription: subscription.name, queue: 'seen', metrics, logger, everyMs: 20 });
    const stream = newStream();
    try {
      for (const version of [2, 3]) await world.publish({ stream, version });
      await eventually(async () => expect(await world.counted('messaging_parked_messages')).toBe(2));
      await world.publish({ stream, version: 1 });
      await eventually(async () => expect(await world.counted('messaging_parked_messages')).toBe(0));
    } finally {
      unwatch();
    }
  }),
);
