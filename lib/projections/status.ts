import { selectBuilt, selectRebuild, type Phase } from './rebuild-store';
import type { ProjectionContext } from './projection';
import { tableRefOf } from './rows';
import { countRows } from './store';

/** A read model as operators see it. */
export interface ProjectionStatus {
  name: string;
  table: string;
  /** The version of the table that is read, and of this code. */
  built: number;
  code: number;
  rows: number;
  /** The phase of the shadow table: being built, or the previous table. */
  shadow: Phase | undefined;
}

export async function statusOf({ projection, database }: ProjectionContext): Promise<ProjectionStatus> {
  const { name, table, version } = projection;
  const db = database.kysely;
  return {
    name,
    table,
    built: await selectBuilt(db, name),
    code: version,
    rows: await countRows(db, tableRefOf(projection)),
    shadow: (await selectRebuild(db, name))?.phase,
  };
}
