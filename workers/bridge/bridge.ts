import { exchanges } from '../../contracts/events';
import { toPlacedOrder } from '../../contracts/events/order';
import { signals } from '../../contracts/saga/messages';
import type { SagaPolicy } from '../../contracts/saga/order';
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
  /** Whether the saga worker and every owner of steps run in this process. */
  ownersAreHere?: boolean;
}

const policyFor = ({ settings, ownersAreHere }: Sagas, currency: string | undefined): SagaPolicy =>
  policyOf(settings, currency, ownersAreHere);

function signal(sagas: Sagas, orderId: string, name: Signal): Promise<void> {
  const { client } = sagas.temporal;
  return signalSaga(client, orderId, name, () =>
    resumeSaga(client, { orderId }, (currency) => policyFor(sagas, currency)),
  );
}

/** Where facts become commands: the events of the bridge, and what each does in Temporal. */
const reactions = [
  connectableReaction<Sagas>()({
    name: 'sagas',
    from: exchanges.orders,
    on: {
      'order.created': (created, sagas) =>
        startSaga(sagas.temporal.client, toPlacedOrder(created), policyFor(sagas, created.total.currency)),
      'order.cancellation_requested': ({ orderId }, sagas) => signal(sagas, orderId, signals.cancel),
      'order.return_requested': ({ orderId }, sagas) =>
        startReturn(sagas.temporal.client, { orderId }, policyFor(sagas, undefined)),
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
