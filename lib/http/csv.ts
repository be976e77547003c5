import { z } from '@hono/zod-openapi';
import { accepts } from 'hono/accepts';
import type { AppContext } from './env';

/** The value of a cell. */
export type Cell = string | number | null | undefined;

/** The beginning of a formula in a spreadsheet. */
const formula = /^\s*[=+\-@＝＋－＠\t\r]/;

/**
 * A cell according to RFC 4180. Text that a spreadsheet would evaluate as a formula gets a leading apostrophe; a
 * negative integer does not.
 */
function cellOf(value: Cell): string {
  if (value === null || value === undefined) return '';
  const text = String(value);
  const harmless = typeof value === 'string' && formula.test(text) && !/^-\d+$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** A table as CSV: a header, then a line per row; safe to open in a spreadsheet. */
export const toCsv = (columns: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  [columns, ...rows].map((row) => `${row.map(cellOf).join(',')}\r\n`).join('');

/** Whether the caller wants CSV: by `?format=`, otherwise by `Accept`. */
export const wantsCsv = (c: AppContext, format: 'json' | 'csv' | undefined): boolean =>
  format === undefined
    ? accepts(c, { header: 'Accept', supports: ['application/json', 'text/csv'], default: '' }) === 'text/csv'
    : format === 'csv';

/** The response of a route that returns the same data as JSON or as CSV. */
export const jsonOrCsvAnswer = <S extends z.ZodType>(schema: S, description: string) => ({
  description,
  content: { 'application/json': { schema }, 'text/csv': { schema: z.string() } },
});

/** Responds with a table as CSV. */
export const answerCsv = (c: AppContext, columns: readonly string[], rows: readonly (readonly Cell[])[]) =>
  c.body(toCsv(columns, rows), 200, { 'content-type': 'text/csv; charset=utf-8' });
