import type { EventLogTables } from '../../lib/eventlog/tables';

export interface UserRow {
  user_id: string;
  email: string;
  name: string;
  /** The version of the stream `user-<id>`. */
  version: number;
  created_at: Date;
  updated_at: Date;
  locked_at: Date | null;
}

/** The change of an address that a user asked for last, until it is confirmed, replaced or too old. */
export interface EmailChangeRow {
  user_id: string;
  /** SHA-256 of the token in the link. */
  token_hash: Buffer;
  email: string;
  requested_at: Date;
  expires_at: Date;
}

export interface UserTables extends EventLogTables {
  users: UserRow;
  email_changes: EmailChangeRow;
}
