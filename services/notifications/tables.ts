import type { Generated } from 'kysely';
import type { EmailKind, Status } from './domain';

/** A copy of the users; an erased one has neither address nor name. */
export interface RecipientRow {
  user_id: string;
  email: string | null;
  name: string | null;
  /** The version of the event with which the user asked for another address, while that is under way. */
  change_version: number | null;
  /** The new address and the token of the link, sealed. */
  change_details: string | null;
  change_expires_at: Date | null;
}

/** An e-mail to an address that is not that of the user who caused it. */
export interface AccountEmailRow {
  notification_id: string;
  user_id: string;
  /** The version of the event that requests it: an event never requests a second e-mail. */
  version: number;
  /** The address and the token of the link, sealed; only while it is to be sent. */
  details: string | null;
  expires_at: Date;
  status: Generated<Status>;
  attempts: Generated<number>;
  detail: string | null;
  created_at: Date;
  next_attempt_at: Date;
  claimed_until: Date | null;
  sent_at: Date | null;
}

/** What an e-mail says about its order. */
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
  kind: EmailKind;
  reason: string | null;
  /** Words for the customer, from a person. */
  message: Generated<string | null>;
  status: Generated<Status>;
  attempts: Generated<number>;
  detail: string | null;
  created_at: Date;
  next_attempt_at: Date;
  /** While it is `sending`: when the claim expires, and the sender is presumed dead. */
  claimed_until: Date | null;
  sent_at: Date | null;
}

export interface NotificationTables {
  recipients: RecipientRow;
  known_orders: KnownOrderRow;
  notifications: NotificationRow;
  account_emails: AccountEmailRow;
}
