import { expect, test } from '@jest/globals';
import { v7 as uuidv7, validate, version } from 'uuid';
import { derivedId } from './derived-id';

test('an id derived from another is the same every time, and one of its own for every role', () => {
  const orderId = uuidv7();
  expect(derivedId(orderId, 'payment')).toBe(derivedId(orderId, 'payment'));
  expect(derivedId(orderId, 'payment')).not.toBe(derivedId(orderId, 'shipment'));
  expect(derivedId(orderId, 'payment')).not.toBe(derivedId(uuidv7(), 'payment'));
});

test('it is a UUIDv7 of the other’s time, so both sort alike', () => {
  const orderId = uuidv7();
  const paymentId = derivedId(orderId, 'payment');
  expect(validate(paymentId) && version(paymentId)).toBe(7);
  expect(paymentId.slice(0, 13)).toBe(orderId.slice(0, 13));
});
