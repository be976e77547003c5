import type { Kysely } from 'kysely';
import { selectEffects } from '../../lib/effects/store';
import { selectEnds } from '../../lib/eventlog/trace-store';
import { isId } from '../../lib/ids/ids';
import type { TraceReader } from '../../lib/service/trace';
import { shipment, shipmentIdOf } from './domain';
import { findShipment } from './store';
import type { ShippingTables } from './tables';

/** What the shipping service has recorded about an order. */
export const traceShipping = (db: Kysely<ShippingTables>): TraceReader => ({
  source: 'shipping',
  subjectOf: async (id) => (isId(id) ? (await findShipment(db, id))?.orderId : undefined),
  async read(orderId) {
    const { events, omitted } = await selectEnds(db, [shipment.streamOf(shipmentIdOf(orderId))]);
    return { events: events.map((event) => ({ ...event, ...shipment.upcast(event) })), notes: [], omitted };
  },
  effects: (keys) => selectEffects(db, keys),
});
