import { isClean } from './history';
import type { Outcome } from './storm';

/** Whether the platform kept its promises. */
export const isKept = ({ findings, books, calmAfterMs }: Outcome): boolean =>
  isClean(findings) && books.length === 0 && calmAfterMs !== undefined;

const shown = 10;

/** The outcome in lines for people. */
export function report(outcome: Outcome, seed: number): string[] {
  const { struck, findings, orders, books, calmAfterMs } = outcome;
  const { published, applied, lost, doubled, outOfOrder, violations } = findings;
  return [
    '| fault | struck |',
    '| --- | --- |',
    ...Object.entries(struck).map(([name, times]) => `| ${name} | ${times} |`),
    '',
    `orders: ${Object.entries(orders)
      .map(([status, count]) => `${count} ${status}`)
      .join(', ')}; ${books.length === 0 ? 'stock and money add up' : `${books.length} things do not add up`}`,
    `published ${published}, applied ${applied} (each by two witnesses), lost ${lost}, doubled ${doubled}, out of order ${outOfOrder}`,
    calmAfterMs === undefined
      ? 'the backlog was not gone in time'
      : `the backlog was gone ${(calmAfterMs / 1_000).toFixed(1)} s after the last fault`,
    ...[...violations, ...books].slice(0, shown).map((violation) => `  ✗ ${violation}`),
    isKept(outcome) ? `All promises kept (seed ${seed})` : `FAILED: repeat it with --seed ${seed}`,
  ];
}
