import { sql } from 'kysely';
import { settleableKinds } from '../../contracts/http/drift';
import type { Queryable } from '../../lib/db/database';
import { settleAction } from './settling';
import type { Drift } from './compare';

/** Leaves out the differences that operators have settled. */
export async function withoutSettled(orders: Queryable, drift: readonly Drift[]): Promise<Drift[]> {
  // Raw SQL: every database has the audit log, and no service's table types include it.
  const { rows } = await sql<{ about: string; kind: string }>`
    select distinct target as about, request ->> 'kind' as kind from ops_audit
    where action = ${settleAction} and request ->> 'kind' = any(${settleableKinds}::text[])
      and target = any(${drift.map(({ about }) => about)}::text[])`.execute(orders);
  const settled = new Set(rows.map(({ about, kind }) => `${kind} ${about}`));
  return drift.filter(({ about, kind }) => !settled.has(`${kind} ${about}`));
}
