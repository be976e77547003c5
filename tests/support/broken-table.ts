import { Client as Postgres } from 'pg';

/** Runs a statement on a database, over a connection of its own. */
export async function runSql(url: string | undefined, statement: string, values: unknown[] = []): Promise<unknown[]> {
  const client = new Postgres({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement, values)).rows;
  } finally {
    await client.end();
  }
}

/** Whatever changes or deletes an order's rows of this table fails until the result is called. */
export async function breakTable(
  url: string | undefined,
  table: string,
  orderId: string,
): Promise<() => Promise<void>> {
  const name = `broken_${orderId.replaceAll('-', '')}`;
  await runSql(
    url,
    `create function ${name}() returns trigger language plpgsql as
       $$ begin if old.order_id = '${orderId}' then raise exception 'broken'; end if;
          if tg_op = 'DELETE' then return old; end if; return new; end $$;
     create trigger ${name} before update or delete on ${table} for each row execute function ${name}()`,
  );
  return async () => {
    await runSql(url, `drop trigger ${name} on ${table}; drop function ${name}()`);
  };
}
