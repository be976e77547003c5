import type { Client } from '@temporalio/client';
import { exchanges } from '../../contracts/events';
import { externalReaction } from '../../lib/inbox/reaction';
import type { Subscription } from '../../lib/inbox/subscription';
import { startSaga, toPlacedOrder } from './start-saga';

/** Where facts become commands: what the bridge listens to, and what it tells Temporal, once there is something to tell. */
export const createBridge = (client: () => Client): Subscription =>
  externalReaction<unknown>()({
    name: 'sagas',
    from: exchanges.orders,
    on: {
      'order.created': (created) => startSaga(client(), toPlacedOrder(created)),
    },
  });
