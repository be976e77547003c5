import { exchanges } from '../../contracts/events';
import { toPlacedOrder } from '../../contracts/events/order';
import { signals } from '../../contracts/saga/messages';
import { connectableReaction, type Subscription } from '../../lib/inbox/subscription/subscription';
import { opsMigrations } from '../../lib/operations/migrations';
import type { Participant } from '../../lib/service/define-service';
import type { TemporalConnection } from '../../lib/temporal/client';
import { bridgeMigrations } from './migrations';
import { resumeSaga } from './resume-saga';
import { policyOf, sagaSettings, type SagaSettings } from './policy';
import { signalSaga, type Signal } from './signal-saga';
import { startReturn, startSaga } from './start-saga';

/** What the bridge acts on: Temporal, and the settings of new sagas. */
export interface Sagas {
  temporal: Pick<TemporalConnection, 'client'>;
  settings: SagaSettings;
}

const signal = ({ temporal: { client }, settings }: Sagas, orderId: string, name: Signal): Promise<void> =>
  signalSaga(client, orderId, name, () => resumeSaga(client, { orderId }, (currency) => policyOf(settings, currency)));

/** Where facts become commands: the events of the bridge, and what each does in Temporal. */
const reactions = [
  connectableReaction<Sagas>()({
    name: 'sagas',
    from: exchanges.orders,
    on: {
      'order.created': (created, { temporal, settings }) =>
        startSaga(temporal.client, toPlacedOrder(created), policyOf(settings, created.total.currency)),
      'order.cancellation_requested': ({ orderId }, sagas) => signal(sagas, orderId, signals.cancel),
      'order.return_requested': ({ orderId }, { temporal, settings }) =>
        startReturn(temporal.client, { orderId }, policyOf(settings, undefined)),
    },
  }),
  connectableReaction<Sagas>()({
    name: 'parcels',
    from: exchanges.shipping,
    on: {
      'shipment.dispatched': ({ orderId }, sagas) => signal(sagas, orderId, signals.dispatched),
      'shipment.delivered': ({ orderId }, sagas) => signal(sagas, orderId, signals.delivered),
    },
  }),
];

/** The bridge as the platform sees it, like a service: its name, its database, its subscriptions. */
export const bridge: Participant = {
  name: 'bridge',
  consumer: 'bridge',
  migrations: { ...bridgeMigrations, ...opsMigrations },
  databases: {},
  settings: sagaSettings,
  subscriptions: reactions.map(({ declaration }) => declaration),
};

/** The subscriptions of the bridge, connected to Temporal. */
export const bridgeSubscriptions = (sagas: Sagas): Subscription[] => reactions.map((one) => one.connect(sagas));
