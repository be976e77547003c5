import type { Generated } from 'kysely';
import type { LetterKind, Status } from './domain';

/** Our copy of the users; one that was erased has neither address nor name. */
export interface RecipientRow {
  user_id: string;
  email: string | null;
  name: string | null;
}

/** What we must know of an order to write about it. */
export interface KnownOrderRow {
  order_id: string;
  user_id: string;
  amount: number;
  currency: string;
}

export interface NotificationRow {
  notification_id: string;
  event_id: string;
  order_id: string;
  kind: LetterKind;
  reason: string | null;
  status: Generated<Status>;
  attempts: Generated<number>;
  detail: string | null;
  created_at: Date;
  next_attempt_at: Date;
  /** While it is `sending`: from when on whoever sends it must have died. */
  claimed_until: Date | null;
  sent_at: Date | null;
}

export interface NotificationTables {
  recipients: RecipientRow;
  known_orders: KnownOrderRow;
  notifications: NotificationRow;
}
