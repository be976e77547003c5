import type { Difference } from '../../lib/broker/topology/difference';
import { applyTopology, planTopology } from '../../workers/topology/changes';
import { exitCodes } from '../exit-codes';
import { note, print, type OutputOptions } from '../output';
import { brokerAddresses } from '../platform/addresses';

export async function plan(options: OutputOptions): Promise<void> {
  report(await planTopology(brokerAddresses()), options);
}

export async function apply(options: OutputOptions): Promise<void> {
  // What it does goes to standard error, so that standard output holds the result only.
  report(await applyTopology(brokerAddresses(), (line) => note(line, options)), options);
}

function report(differences: readonly Difference[], options: OutputOptions): void {
  print({ differences }, options, () => describe(differences));
  if (differences.length > 0) process.exitCode = exitCodes.different;
}

const signs: Record<Difference['is'], string> = { missing: '+', differing: '~', superfluous: '-' };

function describe(differences: readonly Difference[]): string {
  if (differences.length === 0) return 'The broker matches the declared topology.';
  return differences.map(({ is, what, name, detail }) => `${signs[is]} ${what} ${name}: ${detail ?? is}`).join('\n');
}
