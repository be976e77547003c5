import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { AppendOnly } from '../db/append-only';

const audit: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`
      create table ops_audit (
        id bigint generated always as identity primary key,
        time timestamptz not null default clock_timestamp(),
        actor text not null,
        action text not null,
        target text not null,
        request json not null,
        outcome json not null
      )`.execute(db);
  },
};

const withoutContent: Migration = {
  async up(db: Kysely<unknown>) {
    // The bodies of dead letters used to be kept here, and may hold data of people who have been erased since. Compared
    // as text, because a body need not be JSON that PostgreSQL accepts.
    await sql`
      update ops_audit set outcome = '{"discarded": "no longer kept"}'
      where action = 'dead-letters discard' and outcome::text like '{"discarded"%'`.execute(db);
    await sql`
      update ops_audit set request = '{"data": "no longer kept"}'
      where action = 'dead-letters redrive' and request::text like '%"data"%'`.execute(db);
  },
};

/** The outcome of an action is an entry of its own, so that no entry ever changes. */
const completions: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`alter table ops_audit add column completes bigint`.execute(db);
    await sql`create unique index ops_audit_completes on ops_audit (completes) where completes is not null`.execute(db);
  },
};

const decisions: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`
      create table ops_decisions (
        id bigint generated always as identity primary key,
        time timestamptz not null,
        actor text not null,
        role text not null,
        scope text not null,
        route text not null,
        object text not null,
        outcome text not null,
        status integer not null
      )`.execute(db);
    await sql`create index ops_decisions_by_time on ops_decisions (time)`.execute(db);
  },
};

/** The columns of the audit log that the running role writes; it changes and deletes no entry. Decisions expire. */
export const auditTables: AppendOnly = {
  ops_audit: ['actor', 'action', 'target', 'request', 'outcome', 'completes'],
};

/** The audit log of what operators did to this database, its log and its queues, and of what callers were allowed. */
export const opsMigrations: Record<string, Migration> = {
  ops_0001_audit: audit,
  ops_0002_without_content: withoutContent,
  ops_0003_completions: completions,
  ops_decisions_0001: decisions,
};
