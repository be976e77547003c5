import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import type { ErrorMeaning } from '../../lib/errors/meaning';
import { errorTable } from '../../lib/errors/table';
import type { DeclaredStep } from '../../lib/saga/steps';

type Table = Readonly<Record<string, ErrorMeaning>>;

/** An error of the platform, and who raises it: the library, or services. */
export interface KnownError extends ErrorMeaning {
  code: string;
  owners: string[];
}

/** The errors of the library and of every service that has an `errors.ts`, sorted by status and code. */
export const platformErrors = (services = 'services'): KnownError[] =>
  joinTables([['lib', errorTable], ...tablesOf(services)]);

/** One list of several tables. @throws Error when two of them give one code two meanings. */
export function joinTables(tables: readonly (readonly [owner: string, table: Table])[]): KnownError[] {
  const known = new Map<string, KnownError>();
  for (const [owner, table] of tables) {
    for (const [code, meaning] of Object.entries(table)) {
      const before = known.get(code);
      if (before) requireSame(before, { ...meaning, code, owners: [owner] });
      known.set(code, { ...meaning, code, owners: [...(before?.owners ?? []), owner] });
    }
  }
  return [...known.values()].sort((a, b) => a.status - b.status || a.code.localeCompare(b.code, 'en'));
}

function requireSame(one: KnownError, other: KnownError): void {
  const meaningOf = ({ status, title, temporal, message }: KnownError): string =>
    JSON.stringify({ status, title, temporal, message });
  if (meaningOf(one) === meaningOf(other)) return;
  throw new Error(
    `${one.code} means ${meaningOf(one)} to ${one.owners.join(', ')}, but ${meaningOf(other)} to ${other.owners.join()}`,
  );
}

function tablesOf(folder: string): [string, Table][] {
  const load = createRequire(join(process.cwd(), 'package.json'));
  return readdirSync(folder).flatMap((service): [string, Table][] => {
    const file = resolve(folder, service, 'errors.ts');
    return existsSync(file) ? [[service, (load(file) as { table: Table }).table]] : [];
  });
}

/** How a step of a saga, or the undo of one, is refused: only the saga meets it. */
export interface KnownRefusal {
  code: string;
  title: string;
  /** The activity that raises it. */
  activity: string;
}

/** The refusals that steps declare, in the order of the saga, each beside that of its undo. */
export const refusalsOfSteps = (steps: Readonly<Record<string, DeclaredStep<string>>>): KnownRefusal[] =>
  Object.entries(steps).flatMap(([step, { undo = step, refusals = {}, undoRefusals = {} }]) => [
    ...Object.entries(refusals).map(([code, title]) => ({ code, title, activity: step })),
    ...Object.entries(undoRefusals).map(([code, title]) => ({ code, title, activity: undo })),
  ]);

/** `docs/errors.md`: the one printed table, for callers and operators. */
export function errorsPage(errors: readonly KnownError[], refusals: readonly KnownRefusal[]): string {
  const header = ['code', 'HTTP', 'title', 'activity', 'message', 'raised by'];
  const errorRows = errors.map(({ code, status, title, temporal, message, owners }) => [
    `\`${code}\``,
    String(status),
    title,
    temporal,
    message,
    owners.join(', '),
  ]);
  const refusalRows = refusals.map(({ code, title, activity }) => [
    `\`${code}\``,
    '–',
    title,
    'fail',
    '–',
    `\`${activity}\``,
  ]);
  const rows = [...errorRows, ...refusalRows];
  const widths = header.map((name, column) => Math.max(name.length, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = line(widths.map((width) => '-'.repeat(width)));
  return `${introduction}\n${[line(header), rule, ...rows.map(line)].join('\n')}\n`;
}

const introduction = `# Errors

Every error of the platform, by its code, and what it means to each of the three callers that can meet it: the HTTP status and
the title of the problem (RFC 9457); whether Temporal retries the activity that raised it; whether a message is retried,
dead-lettered at once, or parked until a deploy. The last rows are refusals of the saga's steps and of their undos: only the
saga meets them, and they are named with the activity that they belong to. Codes never change.
\`npm run contracts:generate\` writes this page from \`lib/errors/table.ts\`, \`services/*/errors.ts\` and \`orderSteps\` in
\`contracts/saga/activities.ts\`.
`;
