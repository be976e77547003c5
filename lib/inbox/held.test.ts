import { expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../../tests/support/eventually';
import { createInboxWorld, newStream, note, notes, queueName, writeEffect } from '../../tests/support/inbox';
import { createVictim, type Cause } from '../../tests/support/victim';
import { openDatabase } from '../db/database';
import { fail } from '../errors/errors';

// A message that used up attempts would be a dead letter after a tenth of a second.
const impatient = { heldAfterMs: 300, handlerTimeoutMs: 2_000, retryDelaysMs: [50] };

// The others, on every database: tests/outages.
const some: Cause[] = ['role may not log in', 'read-only', 'tables locked', 'disk full (53100)'];
test.each(some)('%s: the queue is held, nobody is given up, and it flows by itself afterwards', async (cause) => {
  const world = await createInboxWorld();
  const victim = await createVictim(world.test.url);
  const database = openDatabase<unknown>({ url: victim.url, name: 'victim', lockTimeoutMs: 500 });
  const consumer = await world.consume(notes(), { ...impatient, database });
  try {
    await world.publish({});
    await eventually(async () => expect(await world.effects()).toHaveLength(1));
    const mend = await victim.strike(cause);
    await Promise.all(Array.from({ length: 20 }, () => world.publish({})));
    await eventually(() => expect(consumer.held()).toMatchObject({ reason: expect.any(String) }));
    expect(await world.counted('messaging_held_seconds')).toBeGreaterThanOrEqual(0);
    await mend();
    await eventually(async () => expect(await world.effects()).toHaveLength(21));
    expect(consumer.held()).toBeUndefined();
    expect(await world.counted('messaging_held_seconds')).toBe(0);
    expect(await world.counted('messaging_retried_messages_total')).toBe(0);
    expect(await world.deadLetters()).toEqual([]);
  } finally {
    await consumer.stop();
    await database.close();
    await world.drop();
    await victim.drop();
  }
});

test('in an outage one message probes, not all of them', async () => {
  const world = await createInboxWorld();
  let isAway = true;
  let [now, most, attempts] = [0, 0, 0];
  const subscription = notes('probed', async (...args) => {
    attempts += 1;
    most = Math.max(most, (now += 1));
    await sleep(20);
    now -= 1;
    if (isAway) throw fail('unavailable', 'The other system is away');
    await writeEffect(...args);
  });
  await world.consume(subscription);
  try {
    await Promise.all(Array.from({ length: 100 }, () => world.publish({})));
    await eventually(() => expect(attempts).toBeGreaterThan(6));
    [most, attempts] = [0, 0];
    // Pauses double: a second has room for three of them at most.
    await sleep(1_000);
    expect([most, attempts < 5]).toEqual([1, true]);
    isAway = false;
    await eventually(async () => expect(await world.effects()).toHaveLength(100));
  } finally {
    await world.drop();
  }
});

test('a message that alone meets an outage each time does not hold up the others', async () => {
  const world = await createInboxWorld();
  const alone = newStream();
  const subscription = notes('alone', async (...args) => {
    if (args[0] === alone) throw fail('unavailable', 'For this one');
    await writeEffect(...args);
  });
  const consumer = await world.consume(subscription, { heldAfterMs: 60_000 });
  try {
    await world.publish(note({ stream: alone }));
    // Of the streams of the other lanes.
    await Promise.all(Array.from({ length: 40 }, () => world.publish({})));
    await eventually(async () => expect((await world.effects()).length).toBeGreaterThan(20));
    await consumer.stop();
    expect(await world.deadLetters()).toEqual([]);
    expect(await world.ready(queueName)).toBeGreaterThan(0);
  } finally {
    await world.drop();
  }
});
