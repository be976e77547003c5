import { expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { createTestApp } from '../../tests/support/app';
import { createShippingRoutes } from './routes';
import type { ListedShipment } from './store';

const shipment: ListedShipment = {
  shipmentId: randomUUID(),
  orderId: randomUUID(),
  userId: randomUUID(),
  status: 'booked',
  trackingNumber: 'SIM-00000000E0',
};

test.each([
  ['an operator', 'operator', randomUUID(), 1],
  ['the owner', 'customer', shipment.userId, 1],
  ['a stranger', 'customer', randomUUID(), 0],
] as const)('%s is shown what is theirs to see', async (_who, role, userId, count) => {
  const http = await createTestApp(createShippingRoutes({ shipmentsOf: () => Promise.resolve([shipment]) }));
  const authorization = `Bearer ${await http.token(role, userId)}`;
  const answer = await http.call('GET', `/shipments?orderId=${shipment.orderId}`, undefined, { authorization });
  const { userId: _user, ...shown } = shipment;
  expect(answer).toMatchObject({ status: 200, body: { items: count ? [shown] : [] } });
});
