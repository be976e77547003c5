import { isClean } from './history';
import type { Outcome } from './run';

/** Whether the platform kept its promises. */
export const isKept = ({ findings, disagreements, quiescentAfterMs }: Outcome): boolean =>
  isClean(findings) && disagreements.length === 0 && quiescentAfterMs !== undefined;

const shown = 10;

/** The outcome in lines for people. */
export function report(outcome: Outcome, seed: number): string[] {
  const { struck, findings, orders, disagreements, quiescentAfterMs } = outcome;
  const { published, applied, lost, doubled, outOfOrder, violations } = findings;
  return [
    '| fault | struck |',
    '| --- | --- |',
    ...Object.entries(struck).map(([name, times]) => `| ${name} | ${times} |`),
    '',
    `orders: ${Object.entries(orders)
      .map(([status, count]) => `${count} ${status}`)
      .join(
        ', ',
      )}; ${disagreements.length === 0 ? 'stock and money add up' : `${disagreements.length} things do not add up`}`,
    `published ${published}, applied ${applied} (each by two witnesses), lost ${lost}, doubled ${doubled}, out of order ${outOfOrder}`,
    quiescentAfterMs === undefined
      ? 'the backlog was not gone in time'
      : `the backlog was gone ${(quiescentAfterMs / 1_000).toFixed(1)} s after the last fault`,
    ...[...violations, ...disagreements].slice(0, shown).map((violation) => `  ✗ ${violation}`),
    isKept(outcome) ? `All promises kept (seed ${seed})` : `FAILED: repeat it with --seed ${seed}`,
  ];
}
