import { z } from 'zod';
import { normalizeId } from '../ids/ids';

/** What requests of operators name: queues, services, streams, events, times and reasons. */
export const time = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
export const queue = z.string().min(1).max(255);
export const service = z.string().min(1).max(50);
export const stream = z.string().min(1).max(255);
/** Of the message: a UUID of ours, or what another broker client chose. */
export const eventId = z.string().min(1).max(255).overwrite(normalizeId);
/** Why an operator gives something up. */
export const why = z.string().trim().min(1).max(500);
