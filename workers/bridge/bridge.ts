import type { Client } from '@temporalio/client';
import { exchanges } from '../../contracts/events';
import { toPlacedOrder } from '../../contracts/events/order';
import { signals } from '../../contracts/saga/messages';
import type { SagaPolicy } from '../../contracts/saga/order';
import { connectableReaction } from '../../lib/inbox/subscription/reaction';
import type { Subscription } from '../../lib/inbox/subscription/subscription';
import { opsMigrations } from '../../lib/operations/migrations';
import type { Participant } from '../../lib/service/define-service';
import { bridgeMigrations } from './migrations';
import { resumeSaga } from './resume-saga';
import { sagaSettings } from './settings';
import { signalSaga, type Signal } from './signal-saga';
import { startReturn, startSaga } from './start-saga';

/** What the bridge acts on: Temporal, once there is something to tell it, and the policy that new sagas begin with. */
export interface Sagas {
  client: () => Client;
  /** @param currency of the order, where it may be reviewed. */
  policy: (currency: string | undefined) => SagaPolicy;
}

const tell = ({ client, policy }: Sagas, orderId: string, signal: Signal): Promise<void> =>
  signalSaga(client(), orderId, signal, () => resumeSaga(client(), { orderId }, policy));

/** Where facts become commands: what the bridge listens to, and what it tells Temporal. */
const reactions = [
  connectableReaction<Sagas>()({
    name: 'sagas',
    from: exchanges.orders,
    on: {
      'order.created': (created, { client, policy }) =>
        startSaga(client(), toPlacedOrder(created), policy(created.total.currency)),
      'order.cancellation_requested': ({ orderId }, sagas) => tell(sagas, orderId, signals.cancel),
      'order.return_requested': ({ orderId }, { client, policy }) =>
        startReturn(client(), { orderId }, policy(undefined)),
    },
  }),
  connectableReaction<Sagas>()({
    name: 'parcels',
    from: exchanges.shipping,
    on: {
      'shipment.dispatched': ({ orderId }, sagas) => tell(sagas, orderId, signals.dispatched),
      'shipment.delivered': ({ orderId }, sagas) => tell(sagas, orderId, signals.delivered),
    },
  }),
];

/** The bridge as the platform sees it, beside the services: its name, its database, what it hears. */
export const bridge: Participant = {
  name: 'bridge',
  consumer: 'bridge',
  migrations: { ...bridgeMigrations, ...opsMigrations },
  databases: {},
  settings: sagaSettings,
  hears: reactions.map(({ hears }) => hears),
};

/** What the bridge does with what it hears. */
export const bridgeSubscriptions = (sagas: Sagas): Subscription[] => reactions.map((one) => one.connect(sagas));
