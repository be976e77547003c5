import { expect, test } from '@jest/globals';
import {
  paymentAuthorized,
  paymentCaptured,
  paymentDeclined,
  paymentRefunded,
  paymentVoided,
} from '../../contracts/events/payment';
import { scenariosOf } from '../../lib/aggregate/testing';
import { payment, type PaymentCommand } from './domain';

const given = scenariosOf(payment);
const { paymentId, orderId, amount } = paymentAuthorized.example;
const facts = { paymentId, orderId, amount };
const authorized = paymentAuthorized({ ...facts, flagged: false });
const declined = paymentDeclined({ ...facts, reason: 'insufficient funds' });
const captured = paymentCaptured(facts);

const approved = { outcome: 'approved' as const, flagged: false };
const refused = { outcome: 'refused' as const, reason: 'insufficient funds' };
const authorize = (answer: typeof approved | typeof refused): PaymentCommand => ({
  type: 'authorize',
  payment: { ...facts, userId: orderId, authorizationKey: 'order/1/authorize' },
  answer,
});
const release: PaymentCommand = { type: 'void' };
const refund: PaymentCommand = { type: 'refund' };

test('a payment begins once, with what the gateway decided', () => {
  given().when(authorize(approved)).then(authorized);
  given().when(authorize(refused)).then(declined);
  given(authorized).when(authorize(approved)).thenRefused('version-conflict');
});

test('what is held can be captured; a refused capture leaves it held', () => {
  given(authorized).when({ type: 'capture', answer: approved }).then(captured);
  const left = given(authorized).when({ type: 'capture', answer: refused });
  left.then(declined);
  expect(left.state()).toMatchObject({ status: 'authorized', captured: 0 });
  given().when({ type: 'capture', answer: approved }).thenRefused('not-found');
});

test('only money that is held is let go of, and only money that moved goes back', () => {
  given(authorized).when(release, release).then(paymentVoided(facts));
  given(authorized, captured).when(release).then();
  given(declined).when(release, refund).then();
  given(authorized).when(refund).then();
  const refunded = given(authorized, captured).when(refund, refund);
  refunded.then(paymentRefunded(facts));
  expect(refunded.state()).toMatchObject({ status: 'refunded', captured: amount.amount, refunded: amount.amount });
});
