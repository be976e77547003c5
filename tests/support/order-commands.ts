import fc from 'fast-check';
import type { DataOf } from '../../lib/events/define';
import { orderCreated, totalOf, withTotal } from '../../contracts/events/order';
import { cancelReasons } from '../../contracts/saga/activities';
import type { OrderCommand } from '../../services/orders/domain';

const skus = ['TEA-1', 'TEA-2', 'CUP-1', 'POT-1'];
const text = fc.constantFrom('no answer', 'on second thoughts');

const line = fc
  .record({ sku: fc.constantFrom(...skus), quantity: fc.integer({ min: 1, max: 50 }), amount: fc.nat(100_000) })
  .map(({ sku, quantity, amount }) => withTotal({ sku, name: sku, quantity, price: { amount, currency: 'EUR' } }));

/** What may be ordered: some lines, each of another product. */
export const anyOrder: fc.Arbitrary<DataOf<typeof orderCreated>> = fc
  .uniqueArray(line, { minLength: 1, maxLength: skus.length, selector: ({ sku }) => sku })
  .map((items) => ({ ...orderCreated.example, items, total: totalOf(items), ifUnavailable: 'ship_rest' as const }));

/** Of every kind of command how it may come; the compiler finds the kind that is missing. */
const commands: { [Type in OrderCommand['type']]: fc.Arbitrary<OrderCommand & { type: Type }> } = {
  place: anyOrder.map((order) => ({ type: 'place' as const, order })),
  'request-cancellation': fc.record({ type: fc.constant('request-cancellation' as const) }),
  'request-return': fc.record({ type: fc.constant('request-return' as const) }),
  reduce: fc.record({ type: fc.constant('reduce' as const), dropped: fc.subarray(skus) }),
  'request-review': fc.record({ type: fc.constant('request-review' as const), reason: text }),
  confirm: fc.constant({ type: 'confirm' as const }),
  ship: fc.constant({ type: 'ship' as const }),
  deliver: fc.constant({ type: 'deliver' as const }),
  'decline-cancellation': fc.constant({ type: 'decline-cancellation' as const }),
  'complete-return': fc.constant({ type: 'complete-return' as const }),
  cancel: fc.record({ type: fc.constant('cancel' as const), reason: fc.constantFrom(...cancelReasons) }),
  'need-attention': fc.record({ type: fc.constant('need-attention' as const), step: text, reason: text }),
};

/** More often one that leads on, so that many orders see the end of their life. */
const weightOf = (type: string): number =>
  ['confirm', 'ship', 'deliver', 'request-return', 'complete-return'].includes(type) ? 5 : 1;

/** Any command to an order that is there or not. */
export const anyCommand: fc.Arbitrary<OrderCommand> = fc.oneof(
  ...Object.entries(commands).map(([type, arbitrary]) => ({ arbitrary, weight: weightOf(type) })),
);
