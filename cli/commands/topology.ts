import { parseArgs } from 'node:util';
import type { Difference } from '../../lib/broker/topology/difference';
import { applyTopology, planTopology } from '../../workers/topology/changes';
import { brokerAddresses } from '../broker-addresses';
import { UsageError, type Command } from '../command';

/** The exit code when the broker is not, or not yet, what it should be. */
const different = 2;

const verbs = ['plan', 'apply'] as const;

export const topology: Command = {
  usage: `${verbs.join('|')} [--json]`,
  summary: 'Compare the broker with what it should be (exit code 2: it differs), or make it so',
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { json: { type: 'boolean', default: false } },
      allowPositionals: true,
    });
    const [verb, ...more] = positionals;
    if (verb !== 'plan' && verb !== 'apply') throw new UsageError(`Say ${verbs.join(' or ')}`);
    if (more.length > 0) throw new UsageError(`${more.join(' ')}: that is too much`);
    const broker = brokerAddresses(process.env);
    // What it does is told on standard error, so that standard output stays a result.
    const tell = (line: string) => process.stderr.write(`${line}\n`);
    const differences = verb === 'plan' ? await planTopology(broker) : await applyTopology(broker, tell);
    process.stdout.write(values.json ? `${JSON.stringify({ differences }, undefined, 2)}\n` : describe(differences));
    if (differences.length > 0) process.exitCode = different;
  },
};

const signs: Record<Difference['is'], string> = { missing: '+', differing: '~', superfluous: '-' };

function describe(differences: readonly Difference[]): string {
  if (differences.length === 0) return 'The broker is what it should be.\n';
  return differences.map(({ is, what, name, detail }) => `${signs[is]} ${what} ${name}: ${detail ?? is}\n`).join('');
}
