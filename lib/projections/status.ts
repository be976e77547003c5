import { selectBuilt, selectRebuild, type Phase } from './rebuild-store';
import type { Sited } from './sited';
import { placeOf } from './rows';
import { countRows } from './store';

/** A read model as operators see it. */
export interface ProjectionStatus {
  name: string;
  table: string;
  /** The version of the table that is read, and of this code. */
  built: number;
  code: number;
  rows: number;
  /** What the table aside is: being built, or the one from before. */
  aside: Phase | undefined;
}

export async function statusOf({ projection, database }: Sited): Promise<ProjectionStatus> {
  const { name, table, version } = projection;
  const db = database.kysely;
  return {
    name,
    table,
    built: await selectBuilt(db, name),
    code: version,
    rows: await countRows(db, placeOf(projection)),
    aside: (await selectRebuild(db, name))?.phase,
  };
}
