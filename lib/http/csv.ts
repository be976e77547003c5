import { z } from '@hono/zod-openapi';
import { accepts } from 'hono/accepts';
import type { AppContext } from './env';

/** What can stand in a cell. */
export type Cell = string | number | null | undefined;

/** As spreadsheets see it: what begins a formula. */
const formula = /^\s*[=+\-@＝＋－＠\t\r]/;

/**
 * A cell as RFC 4180 has it. Text that a spreadsheet would run as a formula gets an apostrophe before it; text that is
 * a whole number is one.
 */
function cellOf(value: Cell): string {
  if (value === null || value === undefined) return '';
  const text = String(value);
  const harmless = typeof value === 'string' && formula.test(text) && !/^-\d+$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** A table as CSV: a header, a line a row, safe to open in a spreadsheet. */
export const toCsv = (columns: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  [columns, ...rows].map((row) => `${row.map(cellOf).join(',')}\r\n`).join('');

/** Whether the caller wants CSV: by `?format=`, else by `Accept`. */
export const wantsCsv = (c: AppContext, format: 'json' | 'csv' | undefined): boolean =>
  format === undefined
    ? accepts(c, { header: 'Accept', supports: ['application/json', 'text/csv'], default: '' }) === 'text/csv'
    : format === 'csv';

/** The answer of a route that gives the same as JSON or as CSV. */
export const jsonOrCsvAnswer = <S extends z.ZodType>(schema: S, description: string) => ({
  description,
  content: { 'application/json': { schema }, 'text/csv': { schema: z.string() } },
});

/** Answers with a table as CSV. */
export const answerCsv = (c: AppContext, columns: readonly string[], rows: readonly (readonly Cell[])[]) =>
  c.body(toCsv(columns, rows), 200, { 'content-type': 'text/csv; charset=utf-8' });
