import type { Kysely } from 'kysely';
import { selectAfter, selectHead } from '../../lib/eventlog/store';
import type { Cursor } from '../../lib/eventlog/events';
import type { Tail } from '../../lib/eventlog/tail';
import type { ServerSentEvent, SseSource } from '../../lib/http/server-sent-events';
import { platformError } from '../../lib/errors/errors';
import { order } from './domain';
import { lineForCustomer } from './customer-view';
import { asHistory, loadEvents, type HistoryEvent } from './history';
import { toHistoryLine } from './responses';
import type { OrderTables } from './tables';

export type LiveOrders = ReturnType<typeof createLive>;

const pageSize = 100;

/** Streams of order events for connected clients. Both resume after the last event that the client has seen. */
export const createLive = (db: Kysely<OrderTables>, tail: Tail) => ({
  /**
   * One order, currently at `version`, from its first event on; event ids are `<orderId>/<version>`.
   * @param reader.customer the customer for whom it is; without one it is for an operator
   * @throws `invalid-request` when `seen` is not the id of an event of this order.
   */
  order(
    orderId: string,
    version: number,
    { seen = idOf(orderId, 0), customer }: { seen?: string | undefined; customer?: string | undefined } = {},
  ): SseSource {
    let cursor = versionOf(orderId, version, seen);
    return {
      from: seen,
      subscribe: (onChange) =>
        tail.subscribe((streams) => (!streams || streams.has(order.streamOf(orderId))) && onChange()),
      next: async () => {
        // What this reader must not see may fill a page.
        for (;;) {
          const events = await loadEvents(db, orderId, { cursor, limit: pageSize });
          cursor = events.at(-1)?.recorded.version ?? cursor;
          const told = events.flatMap((event) => {
            const data = customer === undefined ? toHistoryLine(event) : lineForCustomer(event, customer);
            return data ? [{ id: idOf(orderId, event.recorded.version), type: event.recorded.type, data }] : [];
          });
          if (told.length > 0 || events.length === 0) return told;
        }
      },
    };
  },

  /**
   * All orders, from now on; event ids are positions in the log. Events committed shortly before may be sent too, when
   * another transaction held them back: a repeated event is better than a missing one.
   * @throws `invalid-request` when `seen` is not a position of this log.
   */
  async orders(seen?: string): Promise<SseSource> {
    const head = await selectHead(db);
    let cursor = seen === undefined ? head : cursorOf(seen, head);
    return {
      from: idOfCursor(cursor),
      subscribe: (onChange) => tail.subscribe(onChange),
      next: async () => {
        const { events } = await selectAfter(db, cursor, pageSize);
        cursor = events.at(-1) ?? cursor;
        return events.map((event) => toServerSentEvent(idOfCursor(event), asHistory(event)));
      },
    };
  },
});

const toServerSentEvent = (id: string, event: HistoryEvent): ServerSentEvent => ({
  id,
  type: event.recorded.type,
  data: toHistoryLine(event),
});

const idOf = (orderId: string, version: number): string => `${orderId}/${version}`;
const idOfCursor = ({ xid, position }: Cursor): string => `${xid}-${position}`;

/** 0 is before the first event. */
function versionOf(orderId: string, newest: number, id: string): number {
  const [, order, version] = /^([^/]+)\/(\d{1,9})$/.exec(id) ?? [];
  if (order?.toLowerCase() !== orderId || Number(version) > newest) throw refuseId(id, 'an event of this order');
  return Number(version);
}

function cursorOf(id: string, head: Cursor): Cursor {
  const [, xid, position] = /^(\d{1,18})-(\d{1,15})$/.exec(id) ?? [];
  if (xid === undefined || position === undefined) throw refuseId(id, 'a position in the log');
  const ahead = BigInt(xid) - BigInt(head.xid);
  if (ahead > 0n || (ahead === 0n && Number(position) > head.position))
    throw refuseId(id, 'a position that this log has reached');
  return { xid, position: Number(position) };
}

const refuseId = (id: string, expected: string) =>
  platformError('invalid-request', `Last-Event-ID "${id.slice(0, 50)}" is not ${expected}`, { field: 'Last-Event-ID' });
