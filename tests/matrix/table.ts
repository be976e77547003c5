import type { CaseEnd } from './run';
import type { Fault } from './faults';
import type { MatrixStep } from './steps';

/** A case and how it ended. */
export interface Row {
  step: MatrixStep;
  fault: Fault;
  end: CaseEnd;
}

const cell = ({ end }: Row): string => {
  const asks = end.asks ? 'operator asked, ' : '';
  const undone = end.undos.length > 0 ? `: ${end.undos.join(', ')}` : '';
  return `${asks}${end.status}${undone}`;
};

/** The results as a document: a section for each fault, a line for each step. */
export function documentOf(rows: readonly Row[]): string {
  const sections = [...new Set(rows.map(({ fault }) => fault))].map((fault) => {
    const lines = rows.filter((row) => row.fault === fault).map((row) => `| ${row.step.name} | ${cell(row)} |`);
    return [`## ${fault.name}`, '', '| in | the order ends |', '| --- | --- |', ...lines].join('\n');
  });
  return [
    '# The fault matrix',
    '',
    'Written by `npm test -- tests/matrix`, which runs every fault in every step of the order saga on real services, a',
    'real PostgreSQL and a real Temporal, and fails when this document says something else. In each case the order ends',
    'once, nothing stays held, and afterwards money and stock add up.',
    '',
    ...sections.flatMap((section) => [section, '']),
  ].join('\n');
}
