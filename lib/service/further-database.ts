import type { Migration } from 'kysely/migration';
import type { Database } from '../db/database';

/** A database that a service has besides its own, for a part that could move out of it. */
export interface FurtherDatabase<Tables> {
  readonly migrations: Record<string, Migration>;
  /** Only a type: what the migrations make. */
  readonly tables?: Tables;
}

/** Declares a further database over its tables. @example databases: { gateway: furtherDatabase<GatewayTables>(migrations) } */
export const furtherDatabase = <Tables>(migrations: Record<string, Migration>): FurtherDatabase<Tables> => ({
  migrations,
});

/** Declared databases, opened. */
export type OpenedDatabases<Declared> = {
  readonly [Name in keyof Declared]: Declared[Name] extends FurtherDatabase<infer Tables> ? Database<Tables> : never;
};
