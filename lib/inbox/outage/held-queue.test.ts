import { expect, test } from '@jest/globals';
import pino from 'pino';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../../../tests/lib-support/eventually';
import { createInboxWorld, newStream, note, notes, writeEffect } from '../../../tests/lib-support/inbox';
import { createVictim, type Cause } from '../../../tests/lib-support/victim';
import { openDatabase } from '../../db/database';
import { platformError } from '../../errors/errors';

// A message that used up attempts would be a dead letter after a tenth of a second.
const impatient = { heldAfterMs: 300, handlerTimeoutMs: 2_000, retryDelaysMs: [50] };

/** A logger, and the messages that it was given. */
function noting() {
  const said: string[] = [];
  const write = (line: string): void => void said.push((JSON.parse(line) as { msg: string }).msg);
  return { said, logger: pino({ level: 'info' }, { write }) };
}
const isHeldLine = 'queue is held: a dependency is unavailable';

// The others, on every database: tests/outages.
const some: Cause[] = ['role may not log in', 'read-only', 'tables locked', 'disk full (53100)'];
test.each(some)('%s: the queue is held, nothing is dead-lettered, and it flows by itself afterwards', async (cause) => {
  const world = await createInboxWorld();
  const victim = await createVictim(world.test.url);
  const database = openDatabase<unknown>({ url: victim.url, name: 'victim', lockTimeoutMs: 500 });
  const { logger, said } = noting();
  const consumer = await world.consume(notes(), { ...impatient, database, logger });
  try {
    await world.publish({});
    await eventually(async () => expect(await world.effects()).toHaveLength(1));
    const restore = await victim.strike(cause);
    await Promise.all(Array.from({ length: 20 }, () => world.publish({})));
    await eventually(() => expect(consumer.held()).toMatchObject({ reason: expect.any(String) }));
    await eventually(async () => expect(await world.counted('messaging_held_seconds')).toBeGreaterThanOrEqual(0.3));
    expect(said.filter((line) => line === isHeldLine)).toHaveLength(1);
    await restore();
    await eventually(async () => expect(await world.effects()).toHaveLength(21));
    await eventually(() => expect(consumer.held()).toBeUndefined());
    await eventually(() => expect(said).toContain('queue is no longer held'));
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
  let isUnavailable = true;
  let [now, most, attempts] = [0, 0, 0];
  const subscription = notes('probed', async (...args) => {
    attempts += 1;
    most = Math.max(most, (now += 1));
    await sleep(20);
    now -= 1;
    if (isUnavailable) throw platformError('unavailable', 'The other system is away');
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
    isUnavailable = false;
    await eventually(async () => expect(await world.effects()).toHaveLength(100));
  } finally {
    await world.drop();
  }
});

test('a message that alone meets an outage each time does not hold up the others, and is shown', async () => {
  const world = await createInboxWorld();
  const { logger, said } = noting();
  const alone = newStream();
  let isUnavailable = true;
  const subscription = notes('alone', async (...args) => {
    if (isUnavailable && args[0] === alone) throw platformError('unavailable', 'For this one');
    await writeEffect(...args);
  });
  const consumer = await world.consume(subscription, { heldAfterMs: 1_000, logger });
  try {
    await world.publish(note({ stream: alone }));
    // Of the streams of all lanes, on and on.
    await eventually(async () => {
      await world.publish({});
      expect(consumer.held()).toMatchObject({ reason: 'For this one' });
      expect(said).toEqual([isHeldLine]);
      expect(await world.counted('messaging_held_seconds')).toBeGreaterThanOrEqual(1);
      expect((await world.effects()).length).toBeGreaterThan(20);
    });
    // Stopped, it returns the message to the queue.
    await consumer.stop();
    expect(await world.deadLetters()).toEqual([]);
    isUnavailable = false;
    await world.consume(subscription);
    await eventually(async () => expect(await world.effects(alone)).toHaveLength(1));
  } finally {
    await world.drop();
  }
});
