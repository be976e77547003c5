import type { Ledger } from '../../contracts/http/explanation';
import { describeMoney } from '../../contracts/saga/format';
import type { Order } from '../../services/orders/domain';
import type { Happening } from './happening';
import { stepWords } from './step-words';

/** What the first line is made of. */
export interface Known {
  order: Order | undefined;
  happened: readonly Happening[];
  ledger: Ledger;
  /** The step that waits for an operator. */
  stuck?: string | undefined;
  /** E-mails could not be asked for. */
  emailsUnknown?: boolean;
  /** What people wrote is not shown. */
  isErased?: boolean;
}

/** In plain words: how the order ended or where it is, why, what became of the money, and what the customer was told. */
export function summaryOf(known: Known): string {
  const { order } = known;
  if (!order) return 'What happened to the order itself cannot be said: the order service could not be asked.';
  const parts = [money(known), ...tries(known), ...decisions(known), ...emails(known)];
  return `${head(known, order)}${dropped(known)}; ${parts.join('; ')}.`;
}

function head({ stuck, happened, isErased }: Known, order: Order): string {
  const because = (why: string | undefined): string => (why === undefined || isErased ? '' : ` (${why})`);
  if (stuck !== undefined) {
    const { attention } = order;
    const why = attention && attention.step === stuck ? because(attention.reason) : '';
    return `Waits for an operator, because the saga cannot ${stepWords(stuck)}${why}`;
  }
  switch (order.status) {
    case 'cancelled':
      return `Cancelled ${cancelled(order, because)}`;
    case 'returned':
      return 'Delivered and then returned, as the customer asked';
    case 'delivered':
      return order.returnRequested ? 'Delivered; the customer is returning it' : 'Delivered';
    case 'shipped':
      return 'Shipped, and not delivered yet';
    case 'confirmed':
      return order.cancellationRequested ? 'Confirmed, and being cancelled' : 'Confirmed, and not shipped yet';
    case 'in_review': {
      const why = happened.find(({ kind }) => kind === 'order.review_requested')?.why;
      return `Waits for a review${because(why)}`;
    }
    case 'placed':
      return order.cancellationRequested ? 'Being cancelled, as the customer asked' : 'Accepted, and under way';
  }
}

function cancelled({ reason, detail }: Order, because: (why: string | undefined) => string): string {
  switch (reason) {
    case 'out-of-stock':
      return `because too little was in stock${because(detail)}`;
    case 'unknown-product':
      return `because a product was not found${because(detail)}`;
    case 'payment-declined':
      return `because the payment was declined${because(detail)}`;
    case 'capture-refused':
      return `because the capture of the payment was refused${because(detail)}`;
    case 'review-rejected':
      return 'because its review rejected it';
    case 'review-timed-out':
      return 'because nobody reviewed it in time';
    case 'address-not-serviceable': {
      const said = because(detail) === '' ? 'The carrier does not serve the address' : (detail ?? '');
      return `because ${said.charAt(0).toLowerCase()}${said.slice(1)}`;
    }
    case 'customer-request':
      return 'as the customer asked';
    case 'operator-request':
      return 'because an operator cancelled its saga';
    case 'failed':
      return `because a step failed${because(detail)}`;
    default:
      return `because of ${(reason ?? 'an unknown reason').replaceAll('-', ' ')}${because(detail)}`;
  }
}

function dropped({ happened }: Known): string {
  const reduced = happened.find(({ kind }) => kind === 'order.reduced');
  const skus = reduced?.details?.['dropped'];
  return Array.isArray(skus) ? `, without ${skus.join(', ')}, which was out of stock` : '';
}

function money({ happened, ledger: { currency, money: lines } }: Known): string {
  const text = (amount: number): string => describeMoney({ amount: Math.abs(amount), currency: currency ?? '' });
  const line = (name: string) => lines.find((one) => one.text === name);
  const authorised = line('Authorised');
  if (!authorised) {
    const declined = happened.find(({ kind }) => kind === 'payment.declined');
    return declined ? declined.text : 'no money was authorised';
  }
  const captured = line('Captured');
  const ended = captured ? line('Refunded') : line('Authorisation voided');
  const first = captured ?? authorised;
  const done = `${text(first.amount)} ${captured ? 'captured' : 'authorised'}`;
  if (ended) return `${done}, ${captured ? 'refunded' : 'voided'} ${later(first.at, ended.at)} later`;
  return captured ? done : `${done}, not captured`;
}

/** The time between two times, in one unit: `80 ms`, `3 s`, `5 min`, `2 h`, `4 d`. */
export function later(from: string, to: string): string {
  const ms = Math.max(Date.parse(to) - Date.parse(from), 0);
  const [count, unit] = units.find(([, , below]) => ms < below) ?? units[0];
  return `${Math.round(ms / count)} ${unit}`;
}

const units = [
  [1, 'ms', 1_000],
  [1_000, 's', 120_000],
  [60_000, 'min', 7_200_000],
  [3_600_000, 'h', 172_800_000],
  [86_400_000, 'd', Infinity],
] as const;

/** Steps that needed more than one attempt. */
function tries({ happened }: Known): string[] {
  const attempts = new Map<string, number>();
  for (const { source, details } of happened) {
    const { step, attempts: count } = (source === 'saga' ? details : undefined) ?? {};
    if (typeof step === 'string' && typeof count === 'number')
      attempts.set(step, Math.max(count, attempts.get(step) ?? 0));
  }
  return [...attempts]
    .filter(([, count]) => count > 1)
    .map(([step, count]) => `${count} attempts to ${stepWords(step)}`);
}

/** What operators decided about steps and reviews. */
function decisions({ happened }: Known): string[] {
  return happened
    .filter(({ source, kind }) => source === 'operator' && /^(saga|order) /.test(kind))
    .map(({ text }) => `${text.charAt(0).toLowerCase()}${text.slice(1)}`);
}

function emails({ happened, emailsUnknown = false }: Known): string[] {
  if (emailsUnknown) return [];
  const of = (kind: string): number => happened.filter((one) => one.source === 'email' && one.kind === kind).length;
  const [requested, sent] = [of('requested'), of('sent')];
  const counted = `${sent === 0 ? 'no' : sent} e-mail${sent === 1 ? '' : 's'} sent`;
  return [requested > sent ? `${counted}, ${requested - sent} not sent` : counted];
}
