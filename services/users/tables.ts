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

export interface UserTables extends EventLogTables {
  users: UserRow;
}
