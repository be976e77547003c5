/** What an outage of one system did. */
export interface Row {
  cause: string;
  /** A database, or a side of Temporal. */
  of: string;
  http: string;
  intake: string;
  recoveredInMs: number;
  deadLetters: number;
}

/** The results as a document: a section for each cause, a line for each system. */
export function documentOf(rows: readonly Row[]): string {
  const sections = [...new Set(rows.map(({ cause }) => cause))].map((cause) => {
    const lines = rows
      .filter((row) => row.cause === cause)
      .map(
        ({ of, http, intake, recoveredInMs, deadLetters }) =>
          `| ${of} | ${http} | ${intake} | ${Math.ceil(recoveredInMs / 1_000)} s | ${deadLetters} |`,
      );
    const head = '| of | HTTP answer | intake | recovers by itself in | dead letters |';
    return [`## ${cause}`, '', head, '| --- | --- | --- | --- | --- |', ...lines].join('\n');
  });
  return [
    '# Outages',
    '',
    'Written by `npm test -- tests/outages`, which brings each of these about while orders are under way, and fails when',
    'this document says something else. The seconds are those of one run on a busy machine with two cores; they are not',
    'compared. Messages have four attempts within 30 ms there, so that one that used them up would be a dead letter.',
    '',
    'HTTP is what a typical request of the service is answered with meanwhile: a change where it has one, otherwise a',
    'read (which is answered as ever while only writing fails). Intake `held`: the queues of the service wait, and say so;',
    '`none`: the service hears nothing of others, and the steps of sagas wait for it.',
    '',
    ...sections.flatMap((section) => [section, '']),
  ].join('\n');
}

/** The document but for the seconds, which are never the same. */
export const withoutSeconds = (document: string): string => document.replaceAll(/\d+ s \|/g, 's |');
