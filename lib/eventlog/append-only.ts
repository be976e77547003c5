import type { AppendOnly } from '../db/append-only';

/**
 * The tables of a log that the running role may not change. Position and transaction are not among the columns that it
 * writes, so that it cannot place an event before others.
 */
export const logTables: AppendOnly = {
  events: ['event_id', 'stream', 'version', 'type', 'data_version', 'data', 'metadata', 'time'],
  event_salts: ['position', 'fields', 'salt', 'digest'],
  redactable_fields: [],
  redactions: [],
};
