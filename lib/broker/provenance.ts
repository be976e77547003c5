import type { MessageFields } from 'amqplib';
import { namespace } from '../config/namespace';

/** Where a message was published, and by which broker user; the broker vouches for both. */
export interface Provenance {
  exchange: string;
  /** Undefined when its publisher did not name itself. */
  user: string | undefined;
}

interface Delivered {
  fields: Pick<MessageFields, 'exchange'>;
  properties: { userId?: unknown; headers?: Record<string, unknown> | undefined };
}

/** Delivers to the queue that the routing key names; only administrators may publish to it. */
export const defaultExchange = '';

/** Routes into one queue while messages are moved there; only an administrator may declare it. */
export const fillingExchange = (queue: string): string => `${queue}.filling`;
const isFilling = (exchange: string): boolean => exchange.endsWith('.filling');

/** Headers of a message that was moved from one queue to another: its original provenance. */
const movedHeaders = { exchange: `${namespace}-moved-exchange`, user: `${namespace}-moved-user` };

/** The headers to add to a message that is moved, so that the move does not make it trusted. */
export function headersOfMoved(message: Delivered): Record<string, string> {
  const { exchange, user = '' } = provenanceOf(message);
  return { [movedHeaders.exchange]: exchange, [movedHeaders.user]: user };
}

/** The provenance of a message; of one that was moved, its original provenance. */
export function provenanceOf({ fields, properties: { userId, headers = {} } }: Delivered): Provenance {
  if (!isFilling(fields.exchange)) return { exchange: fields.exchange, user: nameIn(userId) };
  const exchange = headers[movedHeaders.exchange];
  // Moved by a release that did not record it: an administrator has vouched for it.
  if (typeof exchange !== 'string') return { exchange: defaultExchange, user: undefined };
  return { exchange, user: nameIn(headers[movedHeaders.user]) };
}

const nameIn = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
