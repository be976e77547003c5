import type { EventContract } from '../events/define';
import type { Exchange } from '../events/exchange';
import type { Queryable, Database } from '../db/database';

/** An event as a projection sees it, with its data in the newest version. */
export interface Fact<Type extends string = string, Data = unknown> {
  readonly type: Type;
  /** Its version in its stream: from 1, without gaps. */
  readonly version: number;
  readonly data: Data;
  readonly time: Date;
}

/** A fact with its id and its stream. */
export interface RecordedFact extends Fact {
  readonly id: string;
  readonly stream: string;
}

type FactOf<D> = D extends EventContract<infer Type, infer Data> ? Fact<Type, Data> : never;
type EventOn<E extends Exchange> = E['events'][number];

/** From the row before an event to the row after it; undefined when there is none. */
type Evolve<Row, F> = (row: Row | undefined, fact: F) => Row | undefined;

/** A row before and after a batch of events; undefined when there is none. */
export interface RowChange<Row extends object = object> {
  before: Row | undefined;
  after: Row | undefined;
}

/** A read model: one table whose rows are folded from events, of this service or another. */
export interface Projection<Row extends object = object> {
  readonly name: string;
  /** Raised when the same events would yield other rows: the table must then be rebuilt. */
  readonly version: number;
  readonly exchange: Exchange;
  /** The kinds of streams that it follows, as in `note-<id>`; it receives every event of each. */
  readonly streams: readonly string[];
  readonly table: string;
  /** The columns that are the table's primary key. */
  readonly key: readonly string[];
  /** The key of the row that an event changes; undefined when it changes none. */
  keyOf(fact: Fact): Readonly<Record<string, unknown>> | undefined;
  evolve(row: Row | undefined, fact: Fact): Row | undefined;
  /**
   * Runs after rows of the live table have changed, in the same transaction. Not called while a shadow table is built.
   */
  changed?(db: Queryable, changes: readonly RowChange[]): Promise<void>;
}

/**
 * Declares a read model. Live, rebuilt or verified, a row is always the fold of its events by `on`, which must be pure.
 * Events of one stream arrive in the order of their versions, events of different streams in any order. An event type
 * that is not in `on` leaves the row as it is.
 * @example projection<NoteRow>()({ name: 'notes', version: 1, from: exchanges.notes, table: 'notes',
 *            key: ['note_id'], keyOf: ({ noteId }) => ({ note_id: noteId }), on: { 'note.taken': (_, { data }) => … } });
 */
export const projection =
  <Row extends object>() =>
  <E extends Exchange, Key extends keyof Row & string>(declared: {
    name: string;
    version: number;
    from: E;
    table: string;
    key: readonly Key[];
    keyOf: (data: FactOf<EventOn<E>>['data']) => Pick<Row, Key> | undefined;
    on: { [Type in EventOn<E>['type']]?: Evolve<Row, Extract<FactOf<EventOn<E>>, { type: Type }>> };
    changed?: (db: Queryable, changes: readonly RowChange<Row>[]) => Promise<void>;
  }): Projection<Row> => {
    const { name, version, from, table, key, keyOf, changed } = declared;
    const on = new Map(Object.entries(declared.on) as [string, Evolve<Row, Fact>][]);
    const followed = from.events.filter(({ type }) => on.has(type));
    return {
      name,
      version,
      exchange: from,
      streams: [...new Set(followed.map(({ stream }) => stream))],
      table,
      key,
      // The types were checked where the projection was declared; the data was checked when the event was parsed.
      keyOf: ({ data }) => keyOf(data),
      evolve: (row, fact) => (on.get(fact.type) ?? ((same) => same))(row, fact),
      // The rows belong to the declared table.
      ...(changed ? { changed: (db, changes) => changed(db, changes as RowChange<Row>[]) } : {}),
    };
  };

/** A projection, and where its table and its events are. */
export interface ProjectionContext {
  projection: Projection;
  /** The database of the table. */
  database: Pick<Database<unknown>, 'kysely'>;
  /** The database of the event log: the same one for a service's own events. */
  log: Pick<Database<unknown>, 'kysely'>;
  /** The subscription that updates the table, when its events come through the broker. */
  subscription?: string;
}
