import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { effectMigrations } from '../../lib/effects/migrations';
import { eventLogMigrations } from '../../lib/eventlog/migrations';

const payments: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`
      create table payments (
        payment_id uuid primary key,
        order_id uuid not null,
        user_id uuid not null,
        status text not null,
        amount bigint not null,
        currency text not null,
        captured bigint not null check (captured between 0 and amount),
        refunded bigint not null check (refunded between 0 and captured),
        version int not null,
        authorization_key text not null
      )`.execute(db);
    await sql`create index payments_of_order on payments (order_id)`.execute(db);
  },
};

/** Everything the payments database holds: the log, the effects, the payments. */
export const paymentMigrations: Record<string, Migration> = {
  ...eventLogMigrations,
  ...effectMigrations,
  payments_0001_payments: payments,
};
