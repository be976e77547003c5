import { linkParameter, type EmailChange } from '../../../contracts/email-change';
import { UnknownSealingKey, type Seal } from '../../../lib/encryption/sealed';
import { backoffAfter, type Outcome } from '../domain';
import type { EmailQueue } from '../email-queue';
import type { Db } from '../store';
import type { LanguageName } from '../templates';
import {
  claimAccountEmails,
  countAccountEmails,
  expireAccountClaims,
  recordAccountEmail,
  type ClaimedAccountEmail,
} from './store';
import { writeAccountEmail } from './templates';

export interface AccountEmailsOptions {
  db: Db;
  seal: Pick<Seal<EmailChange>, 'open'>;
  /** Where the link leads to; the token is added. */
  linkUrl: string;
  from: string;
  language: LanguageName;
}

/** E-mails about accounts. They greet nobody by name: whoever asked for them may have chosen any address, and any name. */
export function accountEmails({ db, seal, linkUrl, from, language }: AccountEmailsOptions): EmailQueue {
  function mailOf({ notificationId, userId, details }: ClaimedAccountEmail, now: Date) {
    const { email, purpose, token } = seal.open(details ?? '', userId);
    const link = new URL(linkUrl);
    link.searchParams.set(linkParameter, token);
    const about =
      purpose === 'confirm'
        ? ({ kind: 'email_change', link: link.href } as const)
        : ({ kind: 'email_change_refused' } as const);
    return {
      ...writeAccountEmail(about, language),
      messageId: `<${notificationId}@sagaworks.invalid>`,
      from,
      to: { name: '', address: email },
      date: now,
    };
  }

  return {
    async claim(limit, now, until) {
      const claimed = await claimAccountEmails(db, limit, now, until);
      return claimed.map((one) => ({
        ...one,
        write: (at) => {
          if (one.expiresAt <= at) return { outcome: { status: 'expired', detail: 'The link was not valid any more' } };
          try {
            return { mail: mailOf(one, at) };
          } catch (error) {
            if (error instanceof UnknownSealingKey) return { outcome: waiting(one, error, at) };
            throw error;
          }
        },
        record: (outcome) => recordAccountEmail(db, one, outcome),
      }));
    },
    expireClaims: (now) => expireAccountClaims(db, now),
    count: () => countAccountEmails(db),
  };
}

/** The key may be on its way to this process. */
const waiting = ({ attempts }: ClaimedAccountEmail, { message }: Error, now: Date): Outcome => ({
  status: 'pending',
  detail: message,
  nextAttemptAt: new Date(now.getTime() + backoffAfter(attempts)),
});
