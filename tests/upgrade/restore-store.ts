import { withClient } from '../../infra/local/databases';

/** Makes a dumped database again in an empty one. */
export const restoreDatabase = (url: string, dump: string): Promise<unknown> =>
  withClient(url, (client) => client.query(`begin;\n${dump}\ncommit`));

/**
 * Has the server count its transactions on, up to this one. A relay reads below the oldest open transaction: to a
 * younger server than the one that was dumped, what is in the log would not have happened yet.
 */
export const passTransaction = (url: string, xid: number): Promise<unknown> =>
  withClient(url, (client) =>
    client.query(
      `do $$ begin while pg_current_xact_id()::text::bigint <= ${Math.trunc(xid)} loop commit; end loop; end $$`,
    ),
  );

/** The ids of a log's events, in the order in which they were written. */
export const eventIds = (url: string): Promise<string[]> =>
  withClient(url, async (client) => {
    const { rows } = await client.query<{ id: string }>('select event_id as id from events order by position');
    return rows.map(({ id }) => id);
  });
