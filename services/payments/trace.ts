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
  pending: 'not answered yet',
  approved: 'approved',
  refused: 'refused',
  undone: 'undone since',
};

/** The gateway keeps the time of the request, and only what became of it. */
function noteOf({ kind, outcome, calls, time, amount, currency, reason }: Operation): TraceNote {
  // An undo that came first leaves a row without money, so that the late request finds it.
  const isBarred = outcome === 'undone' && currency === null;
  const asked = kind === 'capture' ? 'capture' : 'authorise';
  const often = calls > 1 ? ` ${calls} times` : '';
  const money: Partial<Money> = currency === null ? {} : { amount, currency };
  return {
    at: time,
    kind,
    text: isBarred
      ? `The gateway was told never to ${asked} it`
      : `The gateway was asked${often} to ${asked} it: ${outcomes[outcome]}`,
    ...(reason === null ? {} : { why: reason }),
    details: { outcome, calls, ...money },
  };
}
