import { z } from 'zod';
import { normalizeId } from '../ids/ids';

/** Fields of operators' requests. */
export const time = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
export const queue = z.string().min(1).max(255);
export const service = z.string().min(1).max(50);
export const stream = z.string().min(1).max(255);
/** A message id: a UUID of this platform, or any text that another broker client chose. */
export const eventId = z.string().min(1).max(255).overwrite(normalizeId);
/** Why an operator discards something. */
export const reason = z.string().trim().min(1).max(500);
