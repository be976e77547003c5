import { expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../../../tests/lib-support/eventually';
import type { RelayWorld } from '../../../tests/lib-support/relay';
import { relayWorlds } from '../../../tests/lib-support/relay-worlds';
import { migrateToLatest } from '../../db/migrate';
import { platformError } from '../../errors/errors';
import { eventLogMigrations } from '../../eventlog/migrations';
import { newContext, withContext } from '../../telemetry/context';
import { createOperations, type Operations } from '../operations';
import { opsMigrations } from '../migrations';

const createWorld = relayWorlds();

async function operationsOver({ log, exchange, publisher }: RelayWorld): Promise<Operations> {
  await migrateToLatest(log.database, { ...eventLogMigrations, ...opsMigrations });
  const db = log.database.kysely as never;
  const logs = [{ service: 'notes', exchange, source: '/notes', db, wake: () => undefined }];
  return createOperations({ link: undefined as never, publisher, readers: [], logs, consumers: new Map() });
}
const byOlga = <T>(run: () => Promise<T>): Promise<T> => withContext(newContext({ actor: 'olga' }), run);
/** No message can be made of it. */
const impossible = `note.${'x'.repeat(300)}`;

test('an event that no message can be made of: retried it is parked again, discarded it leaves the list', async () => {
  const world = await createWorld();
  const operations = await operationsOver(world);
  await world.append(impossible);
  await world.relay({ tuning: { refusedMs: [20, 20] } });
  await eventually(async () => expect(await operations.unpublished('notes')).toHaveLength(1));
  const [parked] = await operations.unpublished(undefined);
  const { eventId, time } = parked ?? { eventId: '', time: new Date() };
  expect(parked).toMatchObject({ service: 'notes', type: impossible, state: 'parked', version: 1 });

  await operations.retryUnpublished('notes', eventId);
  await eventually(async () => {
    const [again] = await operations.unpublished('notes');
    expect(again).toMatchObject({ eventId, state: 'parked' });
    expect(again?.time.getTime()).toBeGreaterThan(time.getTime());
  });
  await expect(operations.retryUnpublished('notes', randomUUID())).rejects.toMatchObject({ code: 'not-found' });
  const discard = () => byOlga(() => operations.discardUnpublished('notes', eventId, 'misspelt'));
  const both = await Promise.allSettled([discard(), discard()]);
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(await operations.unpublished('notes')).toEqual([]);
  const entries = await operations.audit(10);
  expect(
    entries.find(({ action, outcome }) => action === 'outbox parked discard' && 'type' in (outcome as object)),
  ).toMatchObject({
    actor: 'olga',
    request: { id: eventId, reason: 'misspelt' },
    outcome: { type: impossible, state: 'parked' },
  });
}, 60_000);

test('a parked event that has become publishable, and a refused one, are published when they are retried', async () => {
  const world = await createWorld();
  const operations = await operationsOver(world);
  let isBroken = true;
  const publisher = {
    publish: (message: Parameters<typeof world.publisher.publish>[0]) =>
      isBroken
        ? Promise.reject(
            platformError(message.routingKey === 'note.full' ? 'broker-refused' : 'invalid-message', 'broken'),
          )
        : world.publisher.publish(message),
  };
  await world.append('note.odd');
  await world.append('note.full');
  await world.append('note.never');
  await world.relay({ publisher, tuning: { refusedMs: [20, 20] } });
  await eventually(async () => expect(await operations.unpublished('notes')).toHaveLength(3));
  // A paused relay retries nothing, so the event can be put off for an hour: nothing but the retry can publish it.
  await operations.pause('notes', true);
  await eventually(async () => {
    await sql`update relay_refused set next_at = now() + interval '1 hour'`.execute(world.log.database.kysely);
    await sleep(200);
    const [refused] = (await operations.unpublished('notes')).filter(({ state }) => state === 'refused');
    expect(refused?.time.getTime()).toBeGreaterThan(Date.now() + 3_000_000);
  });
  isBroken = false;
  await operations.pause('notes', false);
  const ids = Object.fromEntries((await operations.unpublished('notes')).map(({ type, eventId }) => [type, eventId]));
  expect(await operations.retryUnpublished('notes', ids['note.odd'] ?? '')).toMatchObject({ state: 'parked' });
  expect(await operations.retryUnpublished('notes', ids['note.full'] ?? '')).toMatchObject({ state: 'refused' });
  await eventually(() => expect(world.received.map(({ type }) => type).sort()).toEqual(['note.full', 'note.odd']));
  await eventually(async () =>
    expect((await operations.unpublished('notes')).map(({ type }) => type)).toEqual(['note.never']),
  );
}, 60_000);

test('a refused event that is discarded is not retried', async () => {
  const world = await createWorld();
  const operations = await operationsOver(world);
  let tried = 0;
  const publisher = {
    publish: () => {
      tried += 1;
      return Promise.reject(platformError('broker-refused', 'full'));
    },
  };
  await world.append('note.full');
  await world.relay({ publisher, tuning: { refusedMs: [20, 20] } });
  await eventually(async () => expect(await operations.unpublished('notes')).toMatchObject([{ state: 'refused' }]));
  await eventually(() => expect(tried).toBeGreaterThan(2));
  const [{ eventId } = { eventId: '' }] = await operations.unpublished('notes');
  await operations.discardUnpublished('notes', eventId, 'no longer needed');
  expect(await operations.unpublished('notes')).toEqual([]);
  await expect(operations.discardUnpublished('notes', eventId, 'again')).rejects.toMatchObject({ code: 'not-found' });
}, 60_000);
