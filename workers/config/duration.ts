import { z } from 'zod';

/** The longest time that a setting may be. */
export const yearMs = 365 * 86_400_000;

/** A time in milliseconds, from 100 to a year. */
export const duration = (usual: number) => z.coerce.number().int().min(100).max(yearMs).default(usual);
