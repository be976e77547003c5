import { expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { z } from 'zod';
import { defineEvent } from '../../events/define';
import { eventually } from '../../../tests/lib-support/eventually';
import { inWorld, newStream, note, noteEvents, writeEffect, type NoteTables } from '../../../tests/lib-support/inbox';
import { currentContext, type Context } from '../../telemetry/context';
import { externalReaction, reaction } from '../subscription/subscription';

const reactions = (handle = writeEffect) =>
  reaction<NoteTables>()({
    name: 'mail',
    from: noteEvents,
    on: { 'note.taken': ({ text }, db, { stream, version }) => handle(stream, version, text, db) },
  });

test(
  'a reaction happens once per event, in whatever order they come',
  inWorld(async (world) => {
    await world.consume(reactions());
    const stream = newStream();
    const events = [3, 1, 2].map((version) => note({ stream, version }));
    for (const event of [...events, ...events]) await world.publish(event);
    await eventually(async () =>
      expect(await world.counted('messaging_client_consumed_messages_total', { outcome: 'duplicate' })).toBe(3),
    );
    expect(await world.effects(stream)).toHaveLength(3);
  }),
);

test(
  'a reaction that throws leaves nothing, and is tried again',
  inWorld(async (world) => {
    let runs = 0;
    const flaky = reactions(async (...args) => {
      await writeEffect(...args);
      runs += 1;
      if (runs < 3) throw new Error('after writing');
    });
    await world.consume(flaky);
    await world.publish({});
    await eventually(() => expect(runs).toBe(3));
    await eventually(async () => expect(await world.effects()).toHaveLength(1));
  }),
);

test(
  'an external reaction runs outside of any transaction, and is marked afterwards',
  inWorld(async (world) => {
    const xids: unknown[] = [];
    const calls = externalReaction<NoteTables>()({
      name: 'calls',
      from: noteEvents,
      on: {
        'note.taken': async (_, db) => {
          // Two statements of one transaction would have the same id.
          const ask = () => sql<{ xid: string }>`select pg_current_xact_id()::text as xid`.execute(db);
          for (const { rows } of [await ask(), await ask()]) xids.push(rows[0]?.xid);
          if (xids.length < 4) throw new Error('the other system was busy');
        },
      },
    });
    await world.consume(calls);
    const event = note();
    await world.publish(event);
    await eventually(() => expect(xids).toHaveLength(4));
    await world.publish(event);
    await eventually(async () =>
      expect(await world.counted('messaging_client_consumed_messages_total', { outcome: 'duplicate' })).toBe(1),
    );
    expect(new Set(xids).size).toBe(4);
  }),
);

test(
  'an event newer than the code waits, and is handled after the deploy',
  inWorld(async (world) => {
    const before = await world.consume(reactions());
    const stream = newStream();
    await world.publish({ stream, dataVersion: 2, data: JSON.stringify({ words: ['two', 'words'] }) });
    await eventually(async () =>
      expect(await world.parked()).toEqual([{ stream, version: 1, reason: 'unknown-event-version' }]),
    );
    expect(await world.deadLetters()).toEqual([]);
    await before.stop();

    const text = z.strictObject({ text: z.string() });
    const words = z.strictObject({ words: z.array(z.string()) });
    const deployed = defineEvent('note.taken', {
      stream: 'note',
      versions: [{ schema: text }, { schema: words, upcast: (v1: z.infer<typeof text>) => ({ words: [v1.text] }) }],
      example: { words: ['milk'] },
    });
    const after = reaction<NoteTables>()({
      name: 'mail',
      from: { ...noteEvents, events: [deployed] },
      on: { 'note.taken': ({ words }, db, event) => writeEffect(event.stream, event.version, words.join('+'), db) },
    });
    await world.consume(after);
    await eventually(async () =>
      expect(await world.effects(stream)).toEqual([{ stream, version: 1, text: 'two+words' }]),
    );
    await eventually(async () => expect(await world.parked()).toEqual([]));
  }),
);

test(
  'an event newer than the code that says that it can be read is handled, without what the code does not know',
  inWorld(async (world) => {
    await world.consume(reactions());
    const newer = { dataVersion: 3, data: JSON.stringify({ text: 'milk', colour: 'white' }) };
    const [readable, other] = [newStream(), newStream()];
    await world.publish({ ...newer, stream: other, metadata: { correlationId: 'test', compatibleVersion: 2 } });
    await world.publish({ ...newer, stream: readable, metadata: { correlationId: 'test', compatibleVersion: 1 } });
    await eventually(async () =>
      expect(await world.effects()).toEqual([{ stream: readable, version: 1, text: 'milk' }]),
    );
    await eventually(async () =>
      expect(await world.parked()).toEqual([{ stream: other, version: 1, reason: 'unknown-event-version' }]),
    );
    expect(await world.deadLetters()).toEqual([]);
  }),
);

test(
  'a handler runs in the context of what caused the event',
  inWorld(async (world) => {
    let seen: Context | undefined;
    const subscription = reactions(() => {
      seen = currentContext();
      return Promise.resolve();
    });
    await world.consume(subscription);
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const event = note({ metadata: { correlationId: 'request-1', causationId: 'e-0', traceparent } });
    await world.publish(event);
    await eventually(() => expect(seen).toMatchObject({ correlationId: 'request-1', causationId: event.id }));
    expect(seen?.traceparent).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)[0-9a-f]{16}-01$/);
  }),
);

test.each(['unordered', 'external'] as const)(
  'behind a failed event of its stream an event of an %s subscription waits; redriven, it goes on in order',
  (kind) =>
    inWorld(async (world) => {
      let isBroken = true;
      const [failing, healthy] = [newStream(), newStream()];
      const handle: typeof writeEffect = async (stream, version, text, db) => {
        if (isBroken && stream === failing && version === 2) throw new Error('broken');
        await writeEffect(stream, version, text, db);
      };
      await world.consume({ ...reactions(handle), kind });
      const events = [1, 2, 4, 5].map((version) => note({ stream: failing, version }));
      for (const event of events) await world.publish(event);
      await world.publish({ stream: healthy, version: 1 });
      const [dead] = await eventually(async () => {
        const deadLetters = await world.deadLetters();
        expect(deadLetters).toHaveLength(1);
        return deadLetters;
      });
      await eventually(async () => expect(await world.effects(healthy)).toHaveLength(1));
      expect(versionsOf(await world.effects(failing))).toEqual([1]);
      expect(await world.parked()).toMatchObject([{ version: 4, reason: 'behind-a-failure' }, { version: 5 }]);

      isBroken = false;
      expect(dead?.id).toBe(events[1]?.id);
      await world.publish(events[1] ?? {});
      await eventually(async () => expect(versionsOf(await world.effects(failing))).toEqual([1, 2, 4, 5]));
      await eventually(async () => expect(await world.parked()).toEqual([]));
      await world.publish({ stream: failing, version: 6 });
      await eventually(async () => expect(versionsOf(await world.effects(failing))).toEqual([1, 2, 4, 5, 6]));
    })(),
  60_000,
);

const versionsOf = (events: readonly { version: number }[]): number[] => events.map(({ version }) => version);
