import type { PlacedOrder } from '../../contracts/saga/order';
import { anOrder } from '../support/saga';

/** Every way an order can go, each with a recorded history of its name. */
export const scenarios = {
  confirmed: {},
  'confirmed-after-faults': { paymentToken: 'tok_flaky' },
  'out-of-stock': { items: [{ sku: 'RARE', quantity: 2 }] },
  'unknown-product': { items: [{ sku: 'NOBODY-KNOWS', quantity: 1 }] },
  'payment-declined': { paymentToken: 'tok_declined' },
  'address-not-serviceable': { shippingAddress: { ...anOrder().shippingAddress, postalCode: '00000' } },
  'capture-refused': { paymentToken: 'tok_capture_refused' },
} satisfies Record<string, Partial<PlacedOrder>>;

export type Scenario = keyof typeof scenarios;
export const scenarioNames = Object.keys(scenarios) as Scenario[];
