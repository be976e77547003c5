import { expect, test } from '@jest/globals';
import { compareBooks, compareStock, type OrderBooks } from './compare';

const confirmed: OrderBooks = {
  orderId: 'o',
  order: { status: 'confirmed', total: 100 },
  payment: { status: 'captured', captured: 100, refunded: 0 },
  gateway: { charged: 100, held: 0 },
  shipment: { status: 'booked' },
  carrier: { booked: true },
  reserved: 2,
  saga: 'open',
};
const undone = {
  payment: { status: 'refunded', captured: 100, refunded: 100 },
  gateway: { charged: 0, held: 0 },
  shipment: { status: 'cancelled' },
  carrier: { booked: false },
  reserved: 0,
  saga: 'none',
} as const;
const as = (status: string) => ({ order: { status, total: 100 } });
const cancelled: OrderBooks = { ...confirmed, ...undone, ...as('cancelled') };
const delivered: OrderBooks = {
  ...confirmed,
  ...as('delivered'),
  shipment: { status: 'delivered' },
  reserved: 0,
  saga: 'none',
};

const kinds = (books: OrderBooks) => compareBooks(books).map(({ kind }) => kind);

test.each([
  ['confirmed', confirmed],
  ['cancelled', cancelled],
  ['delivered', delivered],
  [
    'returned',
    { ...delivered, ...undone, ...as('returned'), shipment: { status: 'delivered' }, carrier: { booked: true } },
  ],
  ['placed', { orderId: 'o', ...as('placed'), reserved: 0, saga: 'open' }],
  [
    'declined',
    {
      orderId: 'o',
      ...as('cancelled'),
      payment: { status: 'declined', captured: 0, refunded: 0 },
      reserved: 0,
      saga: 'none',
    },
  ],
] satisfies [string, OrderBooks][])('books of an order that is %s agree', (_, books) => {
  expect(compareBooks(books)).toEqual([]);
});

test.each([
  [
    { ...cancelled, payment: { status: 'captured', captured: 100, refunded: 0 }, gateway: { charged: 100, held: 0 } },
    ['money-kept'],
  ],
  [
    { ...cancelled, payment: { status: 'authorized', captured: 0, refunded: 0 }, gateway: { charged: 0, held: 100 } },
    ['money-kept'],
  ],
  [{ ...cancelled, reserved: 2 }, ['stock-kept']],
  [{ ...cancelled, shipment: { status: 'booked' }, carrier: { booked: true } }, ['parcel-kept']],
  [{ ...cancelled, carrier: { booked: true } }, ['carrier-differs']],
  [{ ...confirmed, carrier: { booked: false } }, ['carrier-differs']],
  [{ ...confirmed, saga: 'none' }, ['no-saga']],
  [{ ...cancelled, saga: 'open' }, ['saga-too-many']],
  [
    { ...confirmed, payment: { status: 'captured', captured: 90, refunded: 0 }, gateway: { charged: 90, held: 0 } },
    ['money-missing'],
  ],
  [{ ...confirmed, reserved: 0 }, ['stock-missing']],
  [{ ...confirmed, shipment: { status: 'cancelled' }, carrier: { booked: false } }, ['parcel-missing']],
  [{ ...confirmed, gateway: { charged: 0, held: 100 } }, ['gateway-differs', 'gateway-differs']],
  [{ ...delivered, shipment: { status: 'dispatched' } }, ['parcel-missing']],
  [{ orderId: 'o', ...as('placed'), reserved: 0, saga: 'none' }, ['no-saga']],
  [{ orderId: 'o', shipment: { status: 'booked' }, carrier: { booked: true }, reserved: 0, saga: 'none' }, ['orphan']],
  [{ orderId: 'o', carrier: { booked: true }, reserved: 0, saga: 'none' }, ['orphan', 'carrier-differs']],
] satisfies [OrderBooks, string[]][])('%j is reported as %j', (books, expected) => {
  expect(kinds(books)).toEqual(expected);
});

test('an accepted cancellation without a workflow is reported as such', () => {
  const [drift, ...more] = compareBooks({
    ...confirmed,
    order: { status: 'confirmed', total: 100, cancelling: true },
    saga: 'none',
  });
  expect({ drift, more }).toMatchObject({
    drift: {
      kind: 'no-saga',
      detail: expect.stringContaining('cancelled it'),
      repair: 'npm run sagaworks -- sagas restart o --reason "it has no workflow"',
    },
    more: [],
  });
});

test('an order that waits for an operator is no drift', () => {
  expect(kinds({ ...confirmed, reserved: 0, saga: 'waiting' })).toEqual([]);
});

test('reserved pieces must be the sum of the reservations', () => {
  const stock = [
    { sku: 'A', reserved: 2, reservations: 2 },
    { sku: 'B', reserved: 3, reservations: 2 },
  ];
  expect(compareStock(stock)).toMatchObject([{ kind: 'stock-sum', about: 'B' }]);
});
