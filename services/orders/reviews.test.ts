import { expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { connectToTestNamespace } from '../../tests/support/namespace';
import { reviewDecider } from './reviews';

test('a review of an order whose workflow no longer exists says so, and how to restart it', async () => {
  const temporal = await connectToTestNamespace();
  try {
    const orderId = randomUUID();
    await expect(reviewDecider(() => temporal.client)(orderId, { decision: 'approve' })).rejects.toMatchObject({
      code: 'saga-gone',
      message: expect.stringMatching(
        new RegExp(`its workflow no longer exists; run: npm run sagaworks -- sagas restart ${orderId} --reason`),
      ),
    });
  } finally {
    await temporal.close();
  }
}, 60_000);
