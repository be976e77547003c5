import type { Queryable } from '../db/database';
import type { RecordedEvent } from './events';
import { selectStream, type StreamPart } from './store';

/** A stream's events by version, all or the part that is asked for; empty when there is no such stream. */
export const readStream = (db: Queryable, stream: string, part: StreamPart = {}): Promise<RecordedEvent[]> =>
  selectStream(db, stream, part);
