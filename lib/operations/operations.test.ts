import { expect, test } from '@jest/globals';
import { deadLetterQueue } from '../broker/topology/topology';
import { reaction, type Subscription } from '../inbox/subscription/subscription';
import { currentContext, newContext, withContext } from '../telemetry/context';
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
import { redrive } from './dead-letters/redrive';
import { createOperations, type Operations } from './operations';

const dead = deadLetterQueue(queueName);

/** A consumer whose handler fails while a note's text is in `broken`, and the operations over it. */
async function withOperations(
  run: (at: {
    world: InboxWorld;
    operations: Operations;
    broken: Set<string>;
    subscription: Subscription;
  }) => Promise<void>,
) {
  const world = await createInboxWorld();
  const broken = new Set<string>(['poison']);
  const subscription = notes('operations', async (stream, version, text, db) => {
    if (broken.has(text)) throw new Error(`${text} is broken`);
    await writeEffect(stream, version, text, db);
  });
  try {
    await world.consume(subscription, { retryDelaysMs: [10] });
    await run({ world, operations: operationsOver(world, subscription), broken, subscription });
  } finally {
    await world.drop();
  }
}

const readerOf = ({ broker, test: { database } }: InboxWorld, subscription: Subscription) => ({
  service: 'notes',
  queue: queueName,
  subscription,
  users: [broker.user],
  db: database.kysely as never,
});

function operationsOver(world: InboxWorld, subscription: Subscription): Operations {
  return createOperations({
    link: world.broker.consuming,
    publisher: world.publisher,
    readers: [readerOf(world, subscription)],
    logs: [],
    consumers: new Map(),
  });
}

const text = (value: string): { data: string } => ({ data: JSON.stringify({ text: value }) });
const dies = (world: InboxWorld, count = 1) =>
  eventually(async () => expect(await world.ready(dead)).toBe(count), 20_000);

test(
  'a poison message delays only its own aggregate; after a fix and a redrive every event is applied in order',
  () =>
    withOperations(async ({ world, operations, broken }) => {
      const streams = Array.from({ length: 100 }, newStream);
      const [poisoned = ''] = streams;
      for (let version = 1; version <= 10; version += 1) {
        await Promise.all(
          streams.map((stream) =>
            world.publish({ stream, version, ...text(stream === poisoned && version === 3 ? 'poison' : 'fine') }),
          ),
        );
      }
      await eventually(async () => expect(await world.effects()).toHaveLength(992), 20_000);
      await dies(world);
      expect((await operations.parked(undefined)).map(({ version }) => version)).toEqual([4, 5, 6, 7, 8, 9, 10]);
      expect(await operations.deadLetters({})).toMatchObject([
        {
          queue: queueName,
          type: 'note.taken',
          stream: poisoned,
          version: 3,
          reason: 'retries-exhausted',
          attempts: 2,
        },
      ]);

      broken.clear();
      const operator = newContext({ actor: 'olga' });
      expect(await withContext(operator, () => operations.redrive({ type: 'note.taken' }))).toMatchObject({
        matched: 1,
        stopped: false,
        letters: [{ outcome: 'applied' }],
      });
      await eventually(async () => expect(await world.effects()).toHaveLength(1_000));
      expect((await world.effects(poisoned)).map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
      expect(await operations.audit(10)).toMatchObject([
        { actor: 'olga', action: 'dead-letters redrive', target: queueName },
      ]);
    }),
  60_000,
);

test(
  'dead letters that share an id, as of an event that came twice, are not waited for any longer than others',
  () =>
    withOperations(async ({ world, broken, subscription }) => {
      const twice = note(text('poison'));
      for (const event of [note(text('poison')), twice, twice]) await world.publish(event);
      await dies(world, 3);
      broken.clear();
      // The test ends long before the redrive gives up waiting.
      const patient = { link: world.broker.consuming, publisher: world.publisher, timeoutMs: 120_000 };
      const { letters } = await redrive(patient, readerOf(world, subscription), {});
      expect(letters.map(({ outcome }) => outcome)).toEqual(['applied', 'applied', 'applied']);
    }),
  30_000,
);

test(
  'when the canary fails again the rest stays in the dead-letter queue',
  () =>
    withOperations(async ({ world, operations }) => {
      for (let index = 0; index < 5; index += 1) await world.publish(note(text('poison')));
      await dies(world, 5);
      const { matched, letters: tried, stopped } = await operations.redrive({});
      expect({ matched, stopped, outcomes: tried.map(({ outcome }) => outcome) }).toEqual({
        matched: 5,
        stopped: true,
        outcomes: ['failed'],
      });
      await dies(world, 5);
      const redrives = (await operations.deadLetters({})).map((deadLetter) => deadLetter.redrives).sort();
      expect(redrives).toEqual([0, 0, 0, 0, 1]);
    }),
  60_000,
);

test(
  'a dry run tells which handlers would accept the dead letters, and changes nothing',
  () =>
    withOperations(async ({ world, operations, broken }) => {
      const poison = note(text('poison'));
      await world.publish(poison);
      await dies(world);
      expect(await operations.dryRun({})).toEqual([
        { id: poison.id, queue: queueName, works: false, why: 'poison is broken' },
      ]);
      broken.clear();
      expect(await operations.dryRun({})).toEqual([{ id: poison.id, queue: queueName, works: true }]);
      expect(await world.effects()).toEqual([]);
      expect(await world.ready(dead)).toBe(1);
    }),
  60_000,
);

test(
  'a dry run handles events as the consumer does: as a batch where the subscription can, and with their causation',
  () =>
    withOperations(async ({ world }) => {
      const poison = note(text('poison'));
      await world.publish(poison);
      await dies(world);
      const handled: string[] = [];
      const causes: (string | undefined)[] = [];
      const one = notes('one', () => Promise.resolve(void causes.push(currentContext().causationId)));
      const batch: Subscription = {
        ...one,
        handleAll: (events) => Promise.resolve(void handled.push(...events.map(({ id }) => id))),
      };
      expect(await operationsOver(world, one).dryRun({})).toMatchObject([{ works: true }]);
      expect(await operationsOver(world, batch).dryRun({})).toMatchObject([{ works: true }]);
      expect({ causes, handled }).toEqual({ causes: [poison.id], handled: [poison.id] });
    }),
  60_000,
);

test(
  'a message that can never be handled is redriven with another body',
  () =>
    withOperations(async ({ world, operations }) => {
      const invalid = note({ data: '{"txt":"misspelt"}' });
      await world.publish(invalid);
      await dies(world);
      expect(await operations.dryRun({ ids: [invalid.id] }, { text: 'fixed' })).toMatchObject([{ works: true }]);
      await expect(operations.redrive({ ids: [invalid.id] }, { text: 1 })).rejects.toMatchObject({
        code: 'invalid-request',
        field: 'data.text',
      });
      expect(await world.ready(dead)).toBe(1);
      expect(await operations.redrive({ ids: [invalid.id] }, { text: 'fixed' })).toMatchObject({
        letters: [{ outcome: 'applied' }],
      });
      expect(await world.effects(invalid.stream)).toMatchObject([{ text: 'fixed' }]);
      expect(JSON.stringify(await operations.audit(1))).not.toContain('fixed');
    }),
  60_000,
);

test(
  'only matching dead letters are discarded, and the audit log records which, without their content',
  () =>
    withOperations(async ({ world, operations }) => {
      const [invalid, poison] = [note({ data: '{}' }), note(text('poison'))];
      await world.publish(invalid);
      await world.publish(poison);
      await dies(world, 2);
      expect(await operations.deadLetters({ reason: 'nothing' })).toEqual([]);
      expect(await operations.deadLetters({ before: new Date(0) })).toEqual([]);
      expect(await operations.discard({ reason: 'invalid-message' })).toBe(1);
      expect((await operations.deadLetters({})).map(({ id }) => id)).toEqual([poison.id]);
      expect(await operations.audit(1)).toMatchObject([
        { action: 'dead-letters discard', outcome: { discarded: [{ id: invalid.id, stream: invalid.stream }] } },
      ]);
      expect(JSON.stringify(await operations.audit(1))).not.toMatch(/body|Error|stack/);
    }),
  60_000,
);

test(
  'after a discard, a release lets the successors continue',
  () =>
    withOperations(async ({ world, operations }) => {
      const stream = newStream();
      for (const [index, value] of ['one', 'poison', 'three', 'four'].entries())
        await world.publish({ stream, version: index + 1, ...text(value) });
      await dies(world);
      await eventually(async () => expect(await world.parked()).toHaveLength(2));
      await operations.discard({ queue: queueName });
      expect(await operations.release(queueName, stream)).toBe(1);
      await eventually(async () =>
        expect((await world.effects(stream)).map((effect) => effect.text)).toEqual(['one', 'three', 'four']),
      );
      await expect(operations.release(queueName, stream)).rejects.toMatchObject({ code: 'not-found' });
    }),
  60_000,
);

test(
  'unknown queues are refused, and there is no dry run of handlers that act on another system',
  () =>
    withOperations(async ({ world, operations }) => {
      await expect(operations.deadLetters({ queue: 'nobody' })).rejects.toMatchObject({ code: 'not-found' });
      await expect(operations.discard({ queue: 'nobody' })).rejects.toThrow(queueName);
      const external = {
        ...reaction<NoteTables>()({ name: 'x', from: noteEvents, on: {} }),
        kind: 'external' as const,
      };
      await expect(operationsOver(world, external).dryRun({ queue: queueName })).rejects.toMatchObject({
        code: 'conflict',
      });
    }),
  60_000,
);
