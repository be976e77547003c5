import type { Queryable } from '../db/database';
import { inOneStatement, type Write } from '../db/writes';
import { asideSchema, forgetAside, type Erasure } from './shadow-table-store';
import type { Projection, RecordedFact, RowChange } from './projection';
import { rowsDelete, rowsUpsert, selectRows, type Place } from './store';

/** An event that a projection could not take: the message names it, so that somebody can look. */
export class ProjectionFailure extends Error {
  constructor(projection: Projection, { id, type, stream, version }: Omit<RecordedFact, 'data'>, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`${projection.name} cannot take ${type} ${id}, version ${version} of ${stream}: ${why}`, { cause });
    this.name = 'ProjectionFailure';
  }
}

/** The table of a projection; `public` is the one that everybody reads. */
export const placeOf = ({ table, key }: Projection, schema = 'public'): Place => ({ schema, table, key });

/**
 * What writes a table's rows after events, one statement each for those that are there and those that are gone; it
 * reads the rows before them in one more, however many events there are. The events of each stream must be those that
 * come next, by version, and nobody else may write these rows meanwhile.
 * @throws ProjectionFailure
 */
export async function rowChanges(
  db: Queryable,
  projection: Projection,
  place: Place,
  facts: readonly RecordedFact[],
): Promise<Write[]> {
  return writesOf(place, await fold(db, projection, place, facts));
}

interface KeyedChange extends RowChange {
  key: object;
}

/** The rows that events are about, before and after them. */
async function fold(
  db: Queryable,
  projection: Projection,
  place: Place,
  facts: readonly RecordedFact[],
): Promise<KeyedChange[]> {
  const groups = groupByKey(projection, facts);
  if (groups.size === 0) return [];
  const keys = Array.from(groups.values(), ({ key }) => key);
  const before = new Map((await selectRows(db, place, keys)).map((row) => [keyText(projection, row), row]));
  return Array.from(groups, ([text, { key, facts: theirs }]) => ({
    key,
    before: before.get(text),
    after: theirs.reduce<object | undefined>((row, fact) => evolve(projection, row, fact), before.get(text)),
  }));
}

function writesOf(place: Place, changes: readonly KeyedChange[]): Write[] {
  const rows = changes.flatMap(({ after }) => after ?? []);
  const gone = changes.flatMap(({ key, before, after }) => (before && !after ? [key] : []));
  return [...(gone.length > 0 ? [rowsDelete(place, gone)] : []), ...(rows.length > 0 ? [rowsUpsert(place, rows)] : [])];
}

/** Folds events into the table that everybody reads. */
export async function foldIntoTable(
  db: Queryable,
  projection: Projection,
  facts: readonly RecordedFact[],
): Promise<void> {
  const place = placeOf(projection);
  const changes = await fold(db, projection, place, facts);
  const writes = writesOf(place, changes);
  if (writes.length > 0) await inOneStatement(db, writes);
  for (const erasure of facts.flatMap((fact) => erasureOf(projection, fact) ?? []))
    await forgetAside(db, placeOf(projection, asideSchema(projection.name)), erasure);
  await projection.changed?.(db, changes);
}

/** Only with its key and its stream can somebody be found aside. */
function erasureOf(projection: Projection, fact: RecordedFact): Erasure | undefined {
  const contract = projection.exchange.events.find(({ type }) => type === fact.type);
  const key = contract?.erases ? projection.keyOf(fact) : undefined;
  return key && { key, stream: fact.stream, version: fact.version };
}

interface Group {
  key: object;
  facts: RecordedFact[];
}

function groupByKey(projection: Projection, facts: readonly RecordedFact[]): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const fact of facts) {
    const key = projection.keyOf(fact);
    if (!key) continue;
    const text = keyText(projection, key);
    const group = groups.get(text);
    if (group) group.facts.push(fact);
    else groups.set(text, { key, facts: [fact] });
  }
  return groups;
}

const keyText = ({ key }: Projection, row: object): string =>
  JSON.stringify(key.map((column) => (row as Record<string, unknown>)[column]));

function evolve(projection: Projection, row: object | undefined, fact: RecordedFact): object | undefined {
  try {
    return projection.evolve(row, fact);
  } catch (error) {
    throw new ProjectionFailure(projection, fact, error);
  }
}
