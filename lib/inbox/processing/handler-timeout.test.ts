import { expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../../../tests/lib-support/eventually';
import { inWorld, newStream, notes, writeEffect, type InboxWorld } from '../../../tests/lib-support/inbox';
import type { Subscription } from '../subscription/subscription';
import { namespace } from '../../config/namespace';

const impatient = { handlerTimeoutMs: 200, retryDelaysMs: [10] };

/** The one dead letter's last error. */
const whyDead = (world: InboxWorld) =>
  eventually(async () => {
    const [deadLetter] = await world.deadLetters();
    expect(deadLetter).toBeDefined();
    return deadLetter?.headers[`${namespace}-last-error`];
  });

/**
 * Consumes a stream whose first event meets `handler`, and others that must not be held up, but for those of its lane.
 */
async function consume(world: InboxWorld, subscriptionOf: (sick: string) => Subscription): Promise<string> {
  const sick = newStream();
  const healthy = Array.from({ length: 12 }, newStream);
  await world.consume(subscriptionOf(sick), impatient);
  await world.publish({ stream: sick });
  for (const version of [1, 2, 3]) await Promise.all(healthy.map((stream) => world.publish({ stream, version })));
  await eventually(async () => {
    const effects = await Promise.all(healthy.map((stream) => world.effects(stream)));
    expect(effects.map(({ length }) => length)).toContain(3);
  });
  return sick;
}

test(
  'a handler that never ends fails in time, and other aggregates continue',
  inWorld(async (world) => {
    const sick = await consume(world, (stream) =>
      notes('hanging', (...args) => (args[0] === stream ? new Promise(() => undefined) : writeEffect(...args))),
    );
    expect(await whyDead(world)).toContain('did not end within 200 ms');
    expect(await world.effects(sick)).toEqual([]);
  }),
);

test(
  'writes of a handler after its time limit are refused',
  inWorld(async (world) => {
    const refusals: unknown[] = [];
    const sick = await consume(world, (stream) =>
      notes('late', async (...args) => {
        // On a busy machine other streams may be late as well, and are retried.
        if (args[0] !== stream) return writeEffect(...args);
        await sleep(600);
        await writeEffect(...args).catch((error: unknown) => {
          refusals.push(error);
          throw error;
        });
      }),
    );
    await whyDead(world);
    await eventually(() => expect(refusals).toHaveLength(2));
    expect(await world.effects(sick)).toEqual([]);
  }),
);

test(
  'a handler that hangs in the database releases its connection',
  inWorld(async (world) => {
    await consume(world, (stream) =>
      notes('sleeping', async (...args) => {
        if (args[0] === stream) await sql`select pg_sleep(60), 'sleeping'`.execute(args[3]);
        await writeEffect(...args);
      }),
    );
    expect(await whyDead(world)).toContain('did not end within 200 ms');
    const { rows } = await sql`
      select from pg_stat_activity where query like '%sleeping%' and state = 'active' and pid <> pg_backend_pid()`.execute(
      world.test.database.kysely,
    );
    expect(rows).toEqual([]);
  }),
);

test(
  'a handler that waits for a lock releases its connection, uses up no attempt, and succeeds afterwards',
  inWorld(async (world) => {
    const db = world.test.database.kysely;
    let sick = '';
    await db.transaction().execute(async (holder) => {
      await sql`select pg_advisory_xact_lock(17)`.execute(holder);
      let waits = 0;
      sick = await consume(world, (stream) =>
        notes('stuck', async (...args) => {
          if (args[0] === stream) {
            waits += 1;
            await sql`select pg_advisory_xact_lock(17)`.execute(args[3]);
          }
          await writeEffect(...args);
        }),
      );
      await eventually(() => expect(waits).toBeGreaterThan(3));
    });
    await eventually(async () => expect(await world.effects(sick)).toHaveLength(1));
    expect(await world.counted('messaging_retried_messages_total')).toBe(0);
    expect(await world.deadLetters()).toEqual([]);
  }),
);

test(
  'a statement that a person cancels uses up no attempt',
  inWorld(async (world) => {
    const db = world.test.database.kysely;
    let isSlow = true;
    const subscription = notes('cancelled', async (...args) => {
      if (isSlow) await sql`select pg_sleep(60), 'cancelled'`.execute(args[3]);
      await writeEffect(...args);
    });
    await world.consume(subscription, { handlerTimeoutMs: 60_000, retryDelaysMs: [10] });
    await world.publish({});
    await eventually(async () => {
      const { rows } = await sql`
        select pg_cancel_backend(pid) from pg_stat_activity
        where query like '%''cancelled''%' and state = 'active' and pid <> pg_backend_pid()`.execute(db);
      expect(rows).toHaveLength(1);
      isSlow = false;
    });
    await eventually(async () => expect(await world.effects()).toHaveLength(1));
    expect(await world.counted('messaging_retried_messages_total')).toBe(0);
  }),
);
