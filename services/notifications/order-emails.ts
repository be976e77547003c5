import { backoffAfter, maxAddressLookups, type Outcome } from './domain';
import type { EmailQueue } from './email-queue';
import type { Mail } from './smtp';
import { claimDue, countByStatus, expireClaims, recordOutcome, type Claimed, type Db } from './store';
import { oneLine, write, type LanguageName } from './templates';

export interface OrderEmailsOptions {
  db: Db;
  from: string;
  language: LanguageName;
}

/** The e-mails to customers about their orders. */
export const orderEmails = ({ db, ...options }: OrderEmailsOptions): EmailQueue => ({
  async claim(limit, now, until) {
    const claimed = await claimDue(db, limit, now, until);
    return claimed.map((one) => ({
      ...one,
      write: (at) => {
        const email = sendable(one);
        return email ? { mail: mailOf(email, { ...options, at }) } : { outcome: notSendable(one, at) };
      },
      record: (outcome) => recordOutcome(db, one, outcome),
    }));
  },
  expireClaims: (now) => expireClaims(db, now),
  count: () => countByStatus(db),
});

/** A claimed e-mail with everything needed to write it. */
type Sendable = Claimed & { email: string; name: string; amount: number; currency: string };

function sendable({ email, name, amount, currency, ...claimed }: Claimed): Sendable | undefined {
  if (email === null || name === null || amount === null || currency === null) return undefined;
  return { ...claimed, email, name, amount, currency };
}

/**
 * An order's events may arrive before its customer's, so a missing user is looked up again; an erased one never returns.
 * The order is known before any e-mail about it, unless an operator released its later events without it.
 */
function notSendable({ attempts, isKnown, amount }: Claimed, now: Date): Outcome {
  if (amount === null) return { status: 'not-sendable', detail: 'The order is not known' };
  const detail = isKnown ? 'The user was erased' : 'The user is not known';
  return isKnown || attempts >= maxAddressLookups
    ? { status: 'not-sendable', detail }
    : { status: 'pending', detail, nextAttemptAt: new Date(now.getTime() + backoffAfter(attempts)) };
}

function mailOf(
  { eventId, email, kind, orderId, reason, message, amount, currency, ...claimed }: Sendable,
  { from, language, at }: Omit<OrderEmailsOptions, 'db'> & { at: Date },
): Mail {
  const name = oneLine(claimed.name);
  const total = { amount, currency };
  return {
    ...write({ kind, orderId, name, total, reason: reason ?? undefined, message: message ?? undefined }, language),
    messageId: `<${eventId}@sagaworks.invalid>`,
    from,
    to: { name, address: email },
    date: at,
  };
}
