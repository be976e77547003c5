import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { fromMessage } from '../events/envelope';
import { createTestDatabase, type TestDatabase } from '../../tests/lib-support/database';
import { eventually } from '../../tests/lib-support/eventually';
import { newStream, noteMessage } from '../../tests/lib-support/inbox';
import { inboxMigrations } from './migrations';
import { parkEvents, saveStreams, selectStranded, lockStreams } from './store';

let inbox: TestDatabase<unknown>;
const db = () => inbox.database.kysely;
beforeAll(async () => {
  inbox = await createTestDatabase(inboxMigrations);
});
afterAll(() => inbox.drop());

const envelope = (stream: string, version: number) =>
  fromMessage(noteMessage({ stream, version }) as unknown as Parameters<typeof fromMessage>[0]);

test('a consumer that waited for a stream sees what was parked meanwhile', async () => {
  const stream = newStream();
  const second = envelope(stream, 2);
  let follower: Promise<unknown> | undefined;
  await db()
    .transaction()
    .execute(async (trx) => {
      await lockStreams(trx, 'reader', [stream], 1_000);
      // Another consumer has the first version, and waits for the stream.
      follower = db()
        .transaction()
        .execute(async (other) => {
          await lockStreams(other, 'reader', [stream], 1_000);
          return saveStreams(other, 'reader', [{ stream, version: 1 }]);
        });
      await eventually(async () => {
        const { rows } = await inbox.database.pool.query(
          `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        );
        expect(rows).toHaveLength(1);
      });
      await parkEvents(trx, 'reader', [second], 'early');
      await saveStreams(trx, 'reader', [{ stream, version: 0 }]);
    });
  expect(await follower).toEqual([second]);
});

test('due events follow without a gap', async () => {
  const [stream, other] = [newStream(), newStream()];
  await lockStreams(db(), 'reader', [stream, other], 1_000);
  const waiting = [2, 3, 5].map((version) => envelope(stream, version));
  await parkEvents(db(), 'reader', [...waiting, envelope(other, 2)], 'early');
  expect(await saveStreams(db(), 'reader', [{ stream, version: 1 }])).toEqual(waiting.slice(0, 2));
  expect(await saveStreams(db(), 'reader', [{ stream, version: 3 }])).toEqual([]);
  expect(await saveStreams(db(), 'reader', [{ stream, version: 4 }])).toEqual(waiting.slice(2));
});

test('the version of a stream never decreases', async () => {
  const stream = newStream();
  await lockStreams(db(), 'reader', [stream], 1_000);
  await saveStreams(db(), 'reader', [{ stream, version: 5 }]);
  await saveStreams(db(), 'reader', [{ stream, version: 3 }]);
  expect(await lockStreams(db(), 'reader', [stream], 1_000)).toEqual([{ stream, version: 5 }]);
});

test('after a crash between two transactions the next event of a stream is found', async () => {
  const stream = newStream();
  await lockStreams(db(), 'crashed', [stream], 1_000);
  await saveStreams(db(), 'crashed', [{ stream, version: 1 }]);
  const [second, third] = [envelope(stream, 2), envelope(stream, 3)];
  await parkEvents(db(), 'crashed', [third, second], 'early');
  expect(await selectStranded(db(), 'crashed')).toEqual([second]);
});
