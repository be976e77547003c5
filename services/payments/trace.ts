import type { Kysely } from 'kysely';
import type { Money } from '../../contracts/money';
import { selectEffects } from '../../lib/effects/store';
import { selectEnds } from '../../lib/eventlog/trace-store';
import { isId } from '../../lib/ids/ids';
import type { TraceNote, TraceReader } from '../../lib/service/trace';
import { payment, paymentIdOf } from './domain';
import { operationsOfOrder, type GatewayTables, type Operation } from './gateway/store';
import { findPayment } from './store';
import type { PaymentTables } from './tables';

/** What the payment service has recorded about an order. */
export const tracePayments = (db: Kysely<PaymentTables>): TraceReader => ({
  source: 'payments',
  subjectOf: async (id) => (isId(id) ? (await findPayment(db, id))?.state.orderId : undefined),
  async read(orderId) {
    const { events, omitted } = await selectEnds(db, [payment.streamOf(paymentIdOf(orderId))]);
    return { events: events.map((event) => ({ ...event, ...payment.upcast(event) })), notes: [], omitted };
  },
  effects: (keys) => selectEffects(db, keys),
});

/** What the payment gateway has recorded about an order. */
export const traceGateway = (db: Kysely<GatewayTables>): TraceReader => ({
  source: 'gateway',
  subjectOf: () => Promise.resolve(undefined),
  read: async (orderId) => ({
    events: [],
    notes: (await operationsOfOrder(db, orderId)).map(noteOf),
    omitted: 0,
  }),
});

const outcomes: Record<Operation['outcome'], string> = {
  pending: 'has not been answered yet',
  approved: 'was approved',
  refused: 'was refused',
  undone: 'was undone',
};

function noteOf({ kind, outcome, calls, time, amount, currency, reason }: Operation): TraceNote {
  const asked = kind === 'capture' ? 'The capture' : 'The authorisation';
  // An undo that came first leaves a row without money, so that the late request finds it.
  const isBarred = outcome === 'undone' && currency === null;
  const ended = isBarred
    ? 'was ruled out at the gateway before it was requested'
    : `${outcomes[outcome]} by the gateway`;
  const money: Partial<Money> = currency === null ? {} : { amount, currency };
  return {
    at: time,
    kind,
    text: `${asked} ${ended}${calls > 1 ? `, after it was requested ${calls} times` : ''}`,
    ...(reason === null ? {} : { why: reason }),
    details: { outcome, calls, ...money },
  };
}
