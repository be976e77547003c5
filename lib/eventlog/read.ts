import type { Queryable } from '../db/database';
import type { RecordedEvent } from './events';
import { selectStream } from './store';

/** A stream's events from the first on, up to a version or a time when asked; empty when there is no such stream. */
export function readStream(
  db: Queryable,
  stream: string,
  { toVersion, until }: { toVersion?: number; until?: Date } = {},
): Promise<RecordedEvent[]> {
  return selectStream(db, stream, toVersion, until);
}
