import type { Kysely } from 'kysely';
import { selectAfter, selectHead } from '../../lib/eventlog/store';
import type { Cursor } from '../../lib/eventlog/events';
import type { Tail } from '../../lib/eventlog/tail';
import type { ServerSentEvent, SseSource } from '../../lib/http/server-sent-events';
import { platformError } from '../../lib/errors/errors';
import { order } from './decide';
import { asAudited, loadEvents, type AuditedEvent } from './history';
import { toAuditLine } from './responses';
import type { OrderTables } from './tables';

export type LiveOrders = ReturnType<typeof createLive>;

const pageSize = 100;

/** Orders as they change, for readers who stay. Both go on after the event that the reader has seen last. */
export const createLive = (db: Kysely<OrderTables>, tail: Tail) => ({
  /**
   * One order, which is at `version` now, from its first event on; ids are `<orderId>/<version>`.
   * @throws `invalid-request` when `seen` is no event of this order, or one that it does not have.
   */
  order(orderId: string, version: number, seen = idOf(orderId, 0)): SseSource {
    let cursor = versionOf(orderId, version, seen);
    return {
      from: seen,
      subscribe: (onChange) =>
        tail.subscribe((streams) => (!streams || streams.has(order.streamOf(orderId))) && onChange()),
      next: async () => {
        const events = await loadEvents(db, orderId, { cursor, limit: pageSize });
        cursor = events.at(-1)?.recorded.version ?? cursor;
        return events.map((event) => toLive(idOf(orderId, event.recorded.version), event));
      },
    };
  },

  /**
   * All orders, from now on; ids are places in the log. What was committed just before may be told too, while
   * another transaction holds it back: rather known already than missed.
   * @throws `invalid-request` when `seen` is none, or one that the log has not come to.
   */
  async orders(seen?: string): Promise<SseSource> {
    const head = await selectHead(db);
    let cursor = seen === undefined ? head : placeOf(seen, head);
    return {
      from: idOfPlace(cursor),
      subscribe: (onChange) => tail.subscribe(onChange),
      next: async () => {
        const { events } = await selectAfter(db, cursor, pageSize);
        cursor = events.at(-1) ?? cursor;
        return events.map((event) => toLive(idOfPlace(event), asAudited(event)));
      },
    };
  },
});

const toLive = (id: string, event: AuditedEvent): ServerSentEvent => ({
  id,
  type: event.recorded.type,
  data: toAuditLine(event),
});

const idOf = (orderId: string, version: number): string => `${orderId}/${version}`;
const idOfPlace = ({ xid, position }: Cursor): string => `${xid}-${position}`;

/** 0 is where everybody begins: before the first event. */
function versionOf(orderId: string, newest: number, id: string): number {
  const [, order, version] = /^([^/]+)\/(\d{1,9})$/.exec(id) ?? [];
  if (order?.toLowerCase() !== orderId || Number(version) > newest) throw refuseId(id, 'an event of this order');
  return Number(version);
}

function placeOf(id: string, head: Cursor): Cursor {
  const [, xid, position] = /^(\d{1,18})-(\d{1,15})$/.exec(id) ?? [];
  if (xid === undefined || position === undefined) throw refuseId(id, 'a place in the log');
  const ahead = BigInt(xid) - BigInt(head.xid);
  if (ahead > 0n || (ahead === 0n && Number(position) > head.position)) throw refuseId(id, 'a place in this log');
  return { xid, position: Number(position) };
}

const refuseId = (id: string, wanted: string) =>
  platformError('invalid-request', `Last-Event-ID "${id.slice(0, 50)}" is not ${wanted}`, { field: 'Last-Event-ID' });
