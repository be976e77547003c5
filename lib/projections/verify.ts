import type { Kysely } from 'kysely';
import { fail } from '../errors/errors';
import { selectHead } from '../eventlog/store';
import { createTable, dropTable, sessionSchema } from './shadow-table-store';
import { fillOn, follow, type Folding, type Target } from './folding';
import { countEvents } from './log-store';
import type { RebuildOptions } from './rebuild';
import { giveTurnBack, selectBuilt, takeTurn } from './rebuild-store';
import { placeOf } from './rows';
import type { Sited } from './sited';
import { compareTables, type Comparison } from './store';

/** What a verification found. */
export interface Verified {
  events: number;
  differences: Comparison;
}

/**
 * Folds the log into a temporary table of this session and compares it with the one that is read, both as they were at
 * one moment. It changes nothing and holds up nobody but a rebuild; when it is killed nothing is left.
 * @throws `conflict` when the code is of another version than the table, or while it is being rebuilt, because tables
 * that change places have no one moment; ProjectionFailure
 */
export const verify = (sited: Sited, options: RebuildOptions = {}): Promise<Verified> =>
  sited.database.kysely.connection().execute(async (session) => {
    const { name } = sited.projection;
    if (!(await takeTurn(session, name, 'look')))
      throw fail('conflict', `${name} is being rebuilt; wait for it or stop it`);
    try {
      return await compareInSession(session, sited, options);
    } finally {
      await dropTable(session, placeOf(sited.projection, sessionSchema));
      await giveTurnBack(session, name, 'look');
    }
  });

async function compareInSession(
  session: Kysely<unknown>,
  { projection, database, log, subscription }: Sited,
  { onProgress, signal }: RebuildOptions,
): Promise<Verified> {
  const built = await selectBuilt(session, projection.name);
  if (built !== projection.version)
    throw fail('conflict', `${projection.name} is of version ${built}, this code of ${projection.version}: rebuild it`);
  const place = placeOf(projection, sessionSchema);
  await createTable(session, place);
  const target: Target = { projection, place, db: session, log: log.kysely, subscription };
  const total = await countEvents(log.kysely, projection.streams);
  const cursor = await selectHead(log.kysely);
  let now: Folding = { filled: { stream: '', version: 0 }, cursor, done: 0, total };
  for (let next: Folding | undefined = now; next; next = await fillOn(target, now, () => [])) {
    now = next;
    onProgress?.({ phase: 'filling', done: now.done, total });
    signal?.throwIfAborted();
  }
  return session
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (trx) => {
      const here = { ...target, db: trx, log: log === database ? trx : log.kysely };
      for (let more = true; more;) {
        const followed = await follow(here, now, () => [], { settled: false });
        now = followed.folding;
        more = followed.more;
      }
      return { events: now.done, differences: await compareTables(trx, placeOf(projection), place) };
    });
}
