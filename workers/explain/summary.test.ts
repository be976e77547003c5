import { expect, test } from '@jest/globals';
import type { Ledger } from '../../contracts/http/explanation';
import type { Order } from '../../services/orders/domain';
import type { Happening } from './happening';
import { later, summaryOf, type Known } from './summary';

const at = (ms: number): string => new Date(ms).toISOString();
const line = (text: string, ms: number) => ({ text, amount: 4_300, at: at(ms) });
const ledger = (...money: Ledger['money']): Ledger => ({ currency: 'EUR', money, balance: 0, stock: [], closed: true });
const happened = (source: string, kind: string, more: Partial<Happening> = {}): Happening => ({
  ...{ at: new Date(0), source, kind, text: kind },
  ...more,
});
const emails = (count: number): Happening[] =>
  Array.from({ length: count }, () => ['requested', 'sent'].map((kind) => happened('email', kind))).flat();

function summary(order: Partial<Order>, known: Partial<Known> = {}): string {
  const whole: Order = {
    ...{ orderId: 'o', userId: 'u', items: [], total: { amount: 4_300, currency: 'EUR' }, details: '' },
    ...{ destination: 'DE', ifUnavailable: 'cancel', status: 'placed' },
    ...{ cancellationRequested: false, cancellationDeclined: false, returnRequested: false },
    ...order,
  };
  return summaryOf({ order: whole, happened: emails(1), ledger: ledger(), ...known });
}

const refused = {
  status: 'cancelled',
  reason: 'address-not-serviceable',
  detail: 'The carrier does not deliver to 00000',
} as const;
const voided = ledger(line('Authorised', 0), line('Authorisation voided', 80));
const captured = ledger(line('Authorised', 0), line('Captured', 50));

test.each([
  [
    summary(refused, { ledger: voided, happened: emails(2) }),
    'Cancelled because the carrier does not deliver to 00000; EUR 43.00 authorised, voided 80 ms later; 2 e-mails sent.',
  ],
  [
    summary(refused, { ledger: voided, isErased: true }),
    'Cancelled because the carrier does not serve the address; EUR 43.00 authorised, voided 80 ms later; 1 e-mail sent.',
  ],
  [
    summary({ status: 'confirmed' }, { ledger: captured }),
    'Confirmed, and not shipped yet; EUR 43.00 captured; 1 e-mail sent.',
  ],
  [
    summary({ status: 'returned' }, { ledger: ledger(...captured.money, line('Refunded', 3_600_050)) }),
    'Delivered and then returned, as the customer asked; EUR 43.00 captured, refunded 60 min later; 1 e-mail sent.',
  ],
  [
    summary({ status: 'cancelled', reason: 'customer-request' }, { happened: [] }),
    'Cancelled as the customer asked; no money was authorised; no e-mails sent.',
  ],
  [
    summary({ attention: { step: 'capturePayment', reason: 'away' } }, { stuck: 'capturePayment', happened: [] }),
    'Waits for an operator, because the saga cannot capture payment (away); no money was authorised; no e-mails sent.',
  ],
  [
    summary(
      { status: 'delivered' },
      {
        ledger: captured,
        emailsUnknown: true,
        happened: [
          happened('orders', 'order.reduced', { details: { dropped: ['CUP-2'] } }),
          happened('saga', 'step-done', { details: { step: 'capturePayment', attempts: 3 } }),
          happened('operator', 'saga retry', { text: 'An operator decided about "capture payment": try again' }),
        ],
      },
    ),
    'Delivered, without CUP-2, which was out of stock; EUR 43.00 captured; 3 attempts to capture payment; an operator decided about "capture payment": try again.',
  ],
  [
    summary({ status: 'in_review' }, { happened: [happened('orders', 'order.review_requested', { why: 'large' })] }),
    'Waits for a review (large); no money was authorised; no e-mails sent.',
  ],
])('%s', (said, expected) => expect(said).toBe(expected));

test.each([
  [80, '80 ms'],
  [3_000, '3 s'],
  [300_000, '5 min'],
  [7_200_000, '2 h'],
  [345_600_000, '4 d'],
])('%i ms are said as %s', (ms, text) => expect(later(at(0), at(ms))).toBe(text));
