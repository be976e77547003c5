import type { MessageFields } from 'amqplib';
import { namespace } from '../config/namespace';

/** Where a message was published, and by which broker user, as the broker vouches for it. */
export interface Provenance {
  exchange: string;
  /** Undefined when its publisher did not name itself. */
  user: string | undefined;
}

interface Delivered {
  fields: Pick<MessageFields, 'exchange'>;
  properties: { userId?: unknown; headers?: Record<string, unknown> | undefined };
}

/** Leads straight into any queue; only an administrator may publish there. */
export const defaultExchange = '';

/** Leads into one queue while others are moved there; only an administrator may declare it. */
export const fillingExchange = (queue: string): string => `${queue}.filling`;
const isFilling = (exchange: string): boolean => exchange.endsWith('.filling');

/** Headers of a message that was moved from one queue to another: where it was published before. */
const movedHeaders = { exchange: `${namespace}-moved-exchange`, user: `${namespace}-moved-user` };

/** What a message must be told when it is moved, so that being moved does not make it trusted. */
export function headersOfMoved(message: Delivered): Record<string, string> {
  const { exchange, user = '' } = provenanceOf(message);
  return { [movedHeaders.exchange]: exchange, [movedHeaders.user]: user };
}

/** Of a message that was moved, what it was before. */
export function provenanceOf({ fields, properties: { userId, headers = {} } }: Delivered): Provenance {
  if (!isFilling(fields.exchange)) return { exchange: fields.exchange, user: nameIn(userId) };
  const exchange = headers[movedHeaders.exchange];
  // Moved by a release that did not note it: an administrator has vouched for it.
  if (typeof exchange !== 'string') return { exchange: defaultExchange, user: undefined };
  return { exchange, user: nameIn(headers[movedHeaders.user]) };
}

const nameIn = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
