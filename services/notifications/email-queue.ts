import type { Outcome, Status } from './domain';
import type { Mail } from './smtp';

/** An e-mail that this process has claimed. */
export interface ClaimedEmail {
  notificationId: string;
  attempts: number;
  /** Identifies this claim among earlier and later ones. */
  claimedUntil: Date;
  /** The e-mail, or the outcome when it cannot be sent. */
  write(now: Date): { mail: Mail } | { outcome: Outcome };
  /** Records the outcome and ends the claim. */
  record(outcome: Outcome): Promise<void>;
}

/** E-mails that are to be sent, of one kind. */
export interface EmailQueue {
  /** Claims what is due, at most `limit`, for this process until then. */
  claim(limit: number, now: Date, until: Date): Promise<ClaimedEmail[]>;
  /** Gives up claims of processes that died. @returns how many. */
  expireClaims(now: Date): Promise<number>;
  /** The number of e-mails in each state except `sent`. */
  count(): Promise<{ status: Status; count: number }[]>;
}
