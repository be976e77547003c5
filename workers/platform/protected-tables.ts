import type { AppendOnly } from '../../lib/db/append-only';
import { logTables } from '../../lib/eventlog/append-only';
import { auditTables } from '../../lib/operations/migrations';
import { sealTables } from '../../lib/seals/migrations';

/** What the process of a service may add to, and neither change nor delete, where its database has an owner. */
export const protectedTables: AppendOnly = { ...logTables, ...auditTables, ...sealTables };

/** The tables that make a database's history: without an owner, its process could change them. */
export const historyTables = ['events', 'ops_audit'] as const;
