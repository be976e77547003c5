import { expect, test } from '@jest/globals';
import type { RecordedEvent } from '../../lib/eventlog/events';
import type { Order } from '../../services/orders/domain';
import { ledgerOf } from './ledger';

const eur = (amount: number) => ({ amount, currency: 'EUR' });
const item = { sku: 'TEA-1', name: 'Tea', quantity: 2, price: eur(2_150), lineTotal: eur(4_300) };
const orderIn = (status: Order['status']) => ({ status, items: [item], total: eur(4_300) });

let position = 0;
function event(type: string): RecordedEvent {
  position += 1;
  const data = type.startsWith('payment.') ? { amount: eur(4_300) } : { sku: 'TEA-1', quantity: 2 };
  return {
    ...{ position, id: `e${position}`, stream: 's', version: position, type, dataVersion: 1, data },
    metadata: { correlationId: 'test' },
    time: new Date(position),
  };
}
const account = (status: Order['status'], ...types: string[]) => ledgerOf(types.map(event), orderIn(status));
const whole = ['stock.reserved', 'payment.authorized', 'payment.captured', 'stock.shipped'];

test.each<[Order['status'], string[]]>([
  ['delivered', whole],
  ['returned', [...whole, 'stock.returned', 'payment.refunded']],
  ['cancelled', ['stock.reserved', 'payment.authorized', 'payment.voided', 'stock.released']],
  ['cancelled', [...whole.slice(0, 3), 'payment.refunded', 'stock.released']],
  ['cancelled', []],
])('an order that is %s after %p is closed, and its money adds up', (status, types) => {
  const { closed, open, money, balance } = account(status, ...types);
  expect({ closed, open }).toEqual({ closed: true, open: undefined });
  expect(money.reduce((sum, { amount }) => sum + amount, 0)).toBe(balance);
  expect(balance).toBe(status === 'delivered' ? 4_300 : 0);
});

test.each<[string, Order['status'], string[], string]>([
  ['held money', 'cancelled', ['payment.authorized'], 'EUR 43.00 is authorised, and neither captured nor voided'],
  ['taken money', 'cancelled', ['payment.authorized', 'payment.captured'], 'EUR 43.00 is taken, EUR 0.00 is due'],
  ['an unpaid delivery', 'delivered', whole.filter((type) => type.startsWith('stock')), 'EUR 0.00 is taken'],
  ['kept pieces', 'cancelled', ['stock.reserved'], '2 x TEA-1 reserved, and neither shipped nor released'],
  ['lost pieces', 'returned', [...whole, 'payment.refunded'], '2 x TEA-1 are out of the warehouse, 0 should be'],
])('%s leaves the ledger open', (_, status, types, open) => {
  const ledger = account(status, ...types);
  expect(ledger.closed).toBe(false);
  expect(ledger.open).toContain(open);
});

test('it is open when the gateway says otherwise, or when somebody could not be asked', () => {
  const events = whole.map(event);
  expect(ledgerOf(events, orderIn('delivered'), { gateway: 0 }).open).toContain('the gateway has taken EUR 0.00');
  expect(ledgerOf(events, orderIn('delivered'), { gateway: 4_300 }).closed).toBe(true);
  expect(ledgerOf(events, orderIn('delivered'), { unasked: ['inventory'] }).open).toBe('inventory could not be asked');
  expect(ledgerOf(events, undefined, { unasked: ['orders'] }).open).toBe('orders could not be asked');
});
