import { expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { fourEyes } from './four-eyes';
import type { HistoryEvent } from './history';

const [orderId, customer, placer, other] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];

/** What an approver gets of an order that `actor` has placed for the customer. */
const approve = (approver: string, actor: string | undefined): Promise<string> => {
  const events = () => Promise.resolve([{ recorded: { metadata: { actor } } } as HistoryEvent]);
  return fourEyes({ events })({ orderId, userId: customer }, approver).then(
    () => 'admitted',
    (error: unknown) => String((error as { code?: string }).code),
  );
};

test.each([
  ['its customer, who placed it', customer, customer, 'four-eyes'],
  ['its customer, for whom another placed it', customer, placer, 'four-eyes'],
  ['whoever placed it for its customer', placer, placer, 'four-eyes'],
  ['another operator, of the order that its customer placed', other, customer, 'admitted'],
  ['another operator, of the order that an operator placed', other, placer, 'admitted'],
  ['another operator, of an order from before actors were recorded', other, undefined, 'admitted'],
])('with four eyes, an approval by %s', async (_who, approver, placedBy, outcome) => {
  expect(await approve(approver, placedBy)).toBe(outcome);
});
