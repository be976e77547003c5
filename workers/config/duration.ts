import { z } from 'zod';

/** The longest duration that a setting may have. */
export const yearMs = 365 * 86_400_000;

/** A duration in milliseconds, from 100 to a year. */
export const duration = (defaultMs: number) => z.coerce.number().int().min(100).max(yearMs).default(defaultMs);
