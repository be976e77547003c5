/** Rows as aligned columns under their names; what is undefined is empty. */
export function table<Name extends string>(names: readonly Name[], rows: readonly { [N in Name]?: unknown }[]): string {
  const cells = [names.map((name) => name.toUpperCase()), ...rows.map((row) => names.map((name) => shown(row[name])))];
  const widths = names.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  return cells
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const shown = (value: unknown): string =>
  value === undefined ? '' : typeof value === 'string' ? oneLine(value) : JSON.stringify(value);

/** Long errors would break the columns, and a stranger's text must not command the terminal. */
const oneLine = (text: string): string => {
  const flat = text.replace(/[\s\p{Cc}]+/gu, ' ');
  return flat.length > 80 ? `${flat.slice(0, 79)}…` : flat;
};
