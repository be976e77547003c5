import type { Client } from '@temporalio/client';
import { exchanges } from '../../contracts/events';
import { signals } from '../../contracts/saga/messages';
import type { SagaPolicy } from '../../contracts/saga/order';
import { externalReaction } from '../../lib/inbox/subscription/reaction';
import type { Subscription } from '../../lib/inbox/subscription/subscription';
import { toPlacedOrder } from '../../contracts/placed-order';
import { resumeSaga } from './resume-saga';
import { signalSaga, type Signal } from './signal-saga';
import { startReturn, startSaga } from './start-saga';

/** What the bridge needs: Temporal, once there is something to tell it, and the policy that new sagas begin with. */
export interface BridgeOptions {
  client: () => Client;
  /** @param currency of the order, where it may be reviewed. */
  policy: (currency: string | undefined) => SagaPolicy;
}

/** Where facts become commands: what the bridge listens to, and what it tells Temporal. */
export function bridgeSubscriptions({ client, policy }: BridgeOptions): Subscription[] {
  const tell = (orderId: string, signal: Signal): Promise<void> =>
    signalSaga(client(), orderId, signal, () => resumeSaga(client(), { orderId }, policy));
  return [
    externalReaction<unknown>()({
      name: 'sagas',
      from: exchanges.orders,
      on: {
        'order.created': (created) => startSaga(client(), toPlacedOrder(created), policy(created.total.currency)),
        'order.cancellation_requested': ({ orderId }) => tell(orderId, signals.cancel),
        'order.return_requested': ({ orderId }) => startReturn(client(), { orderId }, policy(undefined)),
      },
    }),
    externalReaction<unknown>()({
      name: 'parcels',
      from: exchanges.shipping,
      on: {
        'shipment.dispatched': ({ orderId }) => tell(orderId, signals.dispatched),
        'shipment.delivered': ({ orderId }) => tell(orderId, signals.delivered),
      },
    }),
  ];
}

const onlyNames = (): never => {
  throw new Error('Only the names of its events are wanted here');
};

/** What the bridge listens to, for those who want to know the names. */
export const bridgeShape = (): Subscription[] => bridgeSubscriptions({ client: onlyNames, policy: onlyNames });
