import { expect, test } from '@jest/globals';
import { deadLetterQueue } from '../broker/topology/topology';
import { reaction } from '../inbox/subscription/reaction';
import type { Subscription } from '../inbox/subscription/subscription';
import { newContext, withContext } from '../telemetry/context';
import { eventually } from '../../tests/lib-support/eventually';
import {
  createInboxWorld,
  newStream,
  note,
  noteEvents,
  notes,
  queueName,
  writeEffect,
  type InboxWorld,
  type NoteTables,
} from '../../tests/lib-support/inbox';
import { createDesk, type Desk } from './operations';

const dead = deadLetterQueue(queueName);

/** A consumer whose handler fails while a note's text is in `broken`, and the desk over it. */
async function withDesk(run: (at: { world: InboxWorld; desk: Desk; broken: Set<string> }) => Promise<void>) {
  const world = await createInboxWorld();
  const broken = new Set<string>(['poison']);
  const subscription = notes('desk', async (stream, version, text, db) => {
    if (broken.has(text)) throw new Error(`${text} is broken`);
    await writeEffect(stream, version, text, db);
  });
  try {
    await world.consume(subscription, { retryDelaysMs: [10] });
    await run({ world, desk: deskOver(world, subscription), broken });
  } finally {
    await world.drop();
  }
}

function deskOver({ broker, publisher, test: { database } }: InboxWorld, subscription: Subscription): Desk {
  const users = [broker.user];
  return createDesk({
    link: broker.consuming,
    publisher,
    readers: [{ service: 'notes', queue: queueName, subscription, users, db: database.kysely as never }],
    logs: [],
    consumers: new Map(),
  });
}

const text = (value: string): { data: string } => ({ data: JSON.stringify({ text: value }) });
const dies = (world: InboxWorld, count = 1) =>
  eventually(async () => expect(await world.ready(dead)).toBe(count), 20_000);

test(
  'a poison message delays only its own aggregate; mended and redriven, all is right and in order',
  () =>
    withDesk(async ({ world, desk, broken }) => {
      const streams = Array.from({ length: 100 }, newStream);
      const [sick = ''] = streams;
      for (let version = 1; version <= 10; version += 1) {
        await Promise.all(
          streams.map((stream) =>
            world.publish({ stream, version, ...text(stream === sick && version === 3 ? 'poison' : 'fine') }),
          ),
        );
      }
      await eventually(async () => expect(await world.effects()).toHaveLength(992), 20_000);
      await dies(world);
      expect((await desk.parked(undefined)).map(({ version }) => version)).toEqual([4, 5, 6, 7, 8, 9, 10]);
      expect(await desk.deadLetters({})).toMatchObject([
        { queue: queueName, type: 'note.taken', stream: sick, version: 3, reason: 'retries-exhausted', attempts: 2 },
      ]);

      broken.clear();
      const operator = newContext({ actor: 'olga' });
      expect(await withContext(operator, () => desk.redrive({ type: 'note.taken' }))).toMatchObject({
        matched: 1,
        stopped: false,
        letters: [{ outcome: 'applied' }],
      });
      await eventually(async () => expect(await world.effects()).toHaveLength(1_000));
      expect((await world.effects(sick)).map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
      expect(await desk.audit(10)).toMatchObject([
        { actor: 'olga', action: 'dead-letters redrive', target: queueName },
      ]);
    }),
  60_000,
);

test(
  'when the canary fails again the rest stays where it is',
  () =>
    withDesk(async ({ world, desk }) => {
      const letters = Array.from({ length: 5 }, () => note(text('poison')));
      for (const letter of letters) await world.publish(letter);
      await dies(world, 5);
      const { matched, letters: tried, stopped } = await desk.redrive({});
      expect({ matched, stopped, outcomes: tried.map(({ outcome }) => outcome) }).toEqual({
        matched: 5,
        stopped: true,
        outcomes: ['failed'],
      });
      await dies(world, 5);
      const redrives = (await desk.deadLetters({})).map((letter) => letter.redrives).sort();
      expect(redrives).toEqual([0, 0, 0, 0, 1]);
    }),
  60_000,
);

test(
  'a rehearsal tells what would happen, and changes nothing',
  () =>
    withDesk(async ({ world, desk, broken }) => {
      const letter = note(text('poison'));
      await world.publish(letter);
      await dies(world);
      expect(await desk.rehearse({})).toEqual([
        { id: letter.id, queue: queueName, works: false, why: 'poison is broken' },
      ]);
      broken.clear();
      expect(await desk.rehearse({})).toEqual([{ id: letter.id, queue: queueName, works: true }]);
      expect(await world.effects()).toEqual([]);
      expect(await world.ready(dead)).toBe(1);
    }),
  60_000,
);

test(
  'what could never be handled is redriven with another body',
  () =>
    withDesk(async ({ world, desk }) => {
      const letter = note({ data: '{"txt":"misspelt"}' });
      await world.publish(letter);
      await dies(world);
      expect(await desk.rehearse({ ids: [letter.id] }, { text: 'mended' })).toMatchObject([{ works: true }]);
      await expect(desk.redrive({ ids: [letter.id] }, { text: 1 })).rejects.toMatchObject({
        code: 'invalid-request',
        field: 'data.text',
      });
      expect(await world.ready(dead)).toBe(1);
      expect(await desk.redrive({ ids: [letter.id] }, { text: 'mended' })).toMatchObject({
        letters: [{ outcome: 'applied' }],
      });
      expect(await world.effects(letter.stream)).toMatchObject([{ text: 'mended' }]);
      expect(JSON.stringify(await desk.audit(1))).not.toContain('mended');
    }),
  60_000,
);

test(
  'a filter leaves alone what it does not name, and discarding is written down, without what the letters said',
  () =>
    withDesk(async ({ world, desk }) => {
      const [invalid, poison] = [note({ data: '{}' }), note(text('poison'))];
      await world.publish(invalid);
      await world.publish(poison);
      await dies(world, 2);
      expect(await desk.deadLetters({ reason: 'nothing' })).toEqual([]);
      expect(await desk.deadLetters({ before: new Date(0) })).toEqual([]);
      expect(await desk.discard({ reason: 'invalid-message' })).toBe(1);
      expect((await desk.deadLetters({})).map(({ id }) => id)).toEqual([poison.id]);
      expect(await desk.audit(1)).toMatchObject([
        { action: 'dead-letters discard', outcome: { discarded: [{ id: invalid.id, stream: invalid.stream }] } },
      ]);
      expect(JSON.stringify(await desk.audit(1))).not.toMatch(/body|Error|stack/);
    }),
  60_000,
);

test(
  'after a discard, a release lets the successors go',
  () =>
    withDesk(async ({ world, desk }) => {
      const stream = newStream();
      for (const [index, value] of ['one', 'poison', 'three', 'four'].entries())
        await world.publish({ stream, version: index + 1, ...text(value) });
      await dies(world);
      await eventually(async () => expect(await world.parked()).toHaveLength(2));
      await desk.discard({ queue: queueName });
      expect(await desk.release(queueName, stream)).toBe(1);
      await eventually(async () =>
        expect((await world.effects(stream)).map((effect) => effect.text)).toEqual(['one', 'three', 'four']),
      );
      await expect(desk.release(queueName, stream)).rejects.toMatchObject({ code: 'not-found' });
    }),
  60_000,
);

test(
  'unknown queues are refused by name, and what acts elsewhere is not rehearsed',
  () =>
    withDesk(async ({ world, desk }) => {
      await expect(desk.deadLetters({ queue: 'nobody' })).rejects.toMatchObject({ code: 'not-found' });
      await expect(desk.discard({ queue: 'nobody' })).rejects.toThrow(queueName);
      const external = {
        ...reaction<NoteTables>()({ name: 'x', from: noteEvents, on: {} }),
        kind: 'external' as const,
      };
      await expect(deskOver(world, external).rehearse({ queue: queueName })).rejects.toMatchObject({
        code: 'conflict',
      });
    }),
  60_000,
);
