import type { Kysely } from 'kysely';
import { selectAfter, selectHead } from '../../lib/eventlog/store';
import type { Cursor } from '../../lib/eventlog/relay/prefix';
import type { Tail } from '../../lib/eventlog/tail';
import type { LiveEvent, LiveSource } from '../../lib/http/live';
import { fail } from '../../lib/errors/errors';
import { asAudited, loadEvents, streamOf, type AuditedEvent } from './history';
import { toAuditLine } from './responses';
import type { OrderTables } from './tables';

export type LiveOrders = ReturnType<typeof createLive>;

const pageSize = 100;

/** Orders as they change, for readers who stay. Both go on after the event that the reader has seen last. */
export const createLive = (db: Kysely<OrderTables>, tail: Tail) => ({
  /** One order, from its first event on; ids are versions. @throws `invalid-request` when `seen` is none. */
  order(orderId: string, seen = '0'): LiveSource {
    if (!/^\d{1,9}$/.test(seen)) throw refuseId(seen, 'the version of an order');
    let cursor = Number(seen);
    return {
      follow: (hear) => tail.follow((streams) => (!streams || streams.has(streamOf(orderId))) && hear()),
      next: async () => {
        const events = await loadEvents(db, orderId, { cursor, limit: pageSize });
        cursor = events.at(-1)?.recorded.version ?? cursor;
        return events.map((event) => toLive(String(event.recorded.version), event));
      },
    };
  },

  /** All orders, from now on; ids are places in the log. @throws `invalid-request` when `seen` is none. */
  async orders(seen?: string): Promise<LiveSource> {
    let cursor = seen === undefined ? await selectHead(db) : placeOf(seen);
    return {
      follow: (hear) => tail.follow(hear),
      next: async () => {
        const { events } = await selectAfter(db, cursor, pageSize);
        cursor = events.at(-1) ?? cursor;
        return events.map((event) => toLive(`${event.xid}-${event.position}`, asAudited(event)));
      },
    };
  },
});

const toLive = (id: string, event: AuditedEvent): LiveEvent => ({
  id,
  type: event.recorded.type,
  data: toAuditLine(event),
});

function placeOf(id: string): Cursor {
  const [, xid, position] = /^(\d{1,18})-(\d{1,15})$/.exec(id) ?? [];
  if (xid === undefined || position === undefined) throw refuseId(id, 'a place in the log');
  return { xid, position: Number(position) };
}

const refuseId = (id: string, wanted: string) =>
  fail('invalid-request', `Last-Event-ID "${id.slice(0, 50)}" is not ${wanted}`, { field: 'Last-Event-ID' });
