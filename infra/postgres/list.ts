/** What compose's container reads the names of the databases from. */
export const databaseListFile = 'infra/postgres/databases.txt';

/** Its content: a name a line, in the order of the alphabet. */
export const databaseList = (names: readonly string[]): string =>
  [...names]
    .sort()
    .map((name) => `${name}\n`)
    .join('');
