/** Rows as aligned columns under their names; what is undefined is empty. @param longest characters of a cell. */
export function table<Name extends string>(
  names: readonly Name[],
  rows: readonly { [N in Name]?: unknown }[],
  longest = 80,
): string {
  const cells = [
    names.map((name) => name.toUpperCase()),
    ...rows.map((row) => names.map((name) => shown(row[name], longest))),
  ];
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

const shown = (value: unknown, longest: number): string =>
  value === undefined ? '' : typeof value === 'string' ? oneLine(value, longest) : JSON.stringify(value);

/** Long errors would break the columns, and untrusted text must not contain escape sequences of the terminal. */
const oneLine = (text: string, longest: number): string => {
  const flat = text.replace(/[\s\p{Cc}]+/gu, ' ');
  return flat.length > longest ? `${flat.slice(0, longest - 1)}…` : flat;
};
