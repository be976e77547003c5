import type { Kysely } from 'kysely';
import { platformError } from '../errors/errors';
import { selectHead } from '../eventlog/store';
import { createTable, dropTable, sessionSchema } from './shadow-table-store';
import { fillNext, follow, type Folding, type Target } from './folding';
import { countEvents } from './log-store';
import type { RebuildOptions } from './rebuild';
import { lockProjection, selectBuilt, unlockProjection } from './rebuild-store';
import { tableRefOf } from './rows';
import type { ProjectionContext } from './projection';
import { compareTables, type Comparison } from './store';

/** The result of a verification. */
export interface Verified {
  events: number;
  differences: Comparison;
}

/**
 * Folds the log into a temporary table of this session and compares it with the live one, in one snapshot. It changes
 * nothing and blocks only rebuilds; when it is killed, nothing is left behind.
 * @throws `conflict` when the table has another version than the code, or while it is being rebuilt and may be swapped;
 * ProjectionFailure
 */
export const verify = (context: ProjectionContext, options: RebuildOptions = {}): Promise<Verified> =>
  context.database.kysely.connection().execute(async (session) => {
    const { name } = context.projection;
    if (!(await lockProjection(session, name, 'verify')))
      throw platformError('conflict', `${name} is being rebuilt; wait for it or stop it`);
    try {
      return await compareInSession(session, context, options);
    } finally {
      await dropTable(session, tableRefOf(context.projection, sessionSchema));
      await unlockProjection(session, name, 'verify');
    }
  });

async function compareInSession(
  session: Kysely<unknown>,
  { projection, database, log, subscription }: ProjectionContext,
  { onProgress, signal }: RebuildOptions,
): Promise<Verified> {
  const built = await selectBuilt(session, projection.name);
  if (built !== projection.version)
    throw platformError(
      'conflict',
      `The table of ${projection.name} has version ${built}, this code has version ${projection.version}: rebuild it`,
    );
  const ref = tableRefOf(projection, sessionSchema);
  await createTable(session, ref);
  const target: Target = { projection, ref, db: session, log: log.kysely, subscription };
  const total = await countEvents(log.kysely, projection.streams);
  const cursor = await selectHead(log.kysely);
  let now: Folding = { filled: { stream: '', version: 0 }, cursor, done: 0, total };
  for (let next: Folding | undefined = now; next; next = await fillNext(target, now, () => [])) {
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
      return { events: now.done, differences: await compareTables(trx, tableRefOf(projection), ref) };
    });
}
