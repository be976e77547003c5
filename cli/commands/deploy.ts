import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { retryDelaysMs } from '../../workers/config/config';
import { checkDeploy, type DeployReport } from '../../workers/deploy/check';
import type { CheckResult } from '../../workers/deploy/check-result';
import { promoteBuild } from '../../workers/deploy/promote';
import { brokerAddresses } from '../broker-addresses';
import { exitCodes, UsageError, type Command } from '../command';
import { databaseAddress } from '../database-addresses';
import { print } from '../print';
import { table } from '../table';
import { temporalAddress } from '../temporal-address';

export const deploy: Command = {
  usage: 'check [--sample 200] [--workflows path] [--json] | promote <buildId>',
  summary: 'Would this code go on with what is under way on the live system? (1: no); or give the sagas to a version',
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        sample: { type: 'string', default: '200' },
        workflows: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
      allowPositionals: true,
    });
    const [verb, buildId, ...more] = positionals;
    if (verb === 'promote' && buildId && more.length === 0) return promoteTo(buildId);
    if (positionals.join(' ') !== 'check') throw new UsageError('Say check, or promote and a build id');
    const sample = Number(values.sample);
    if (!Number.isInteger(sample) || sample < 0 || sample > 100_000) {
      throw new UsageError('--sample is a number of streams, up to 100,000');
    }
    const report = await checkDeploy({
      temporal: temporalAddress(),
      amqpUrl: brokerAddresses(process.env).amqpUrl,
      urlOf: databaseAddress,
      delaysMs: retryDelaysMs.parse(process.env['RETRY_DELAYS_MS']),
      sample,
      workflowsPath: values.workflows === undefined ? undefined : resolve(values.workflows),
    });
    print(report, { json: values.json, words: describe });
    if (Object.values(report).some(({ breaks }) => breaks.length > 0)) process.exitCode = exitCodes.failed;
  },
};

async function promoteTo(buildId: string): Promise<void> {
  await promoteBuild(temporalAddress(), buildId);
  process.stdout.write(`${buildId} is the current version: sagas go on there\n`);
}

const shares = ({ looked, of = looked }: CheckResult): string => `${looked} of ${of}`;

function describe(report: DeployReport): string {
  const breaks = Object.values(report).flatMap((part) => part.breaks);
  const { sagas, messages, parked, streams } = report;
  const looked = `${sagas.looked} open sagas, ${shares(messages)} messages, ${shares(parked)} parked events, ${streams.looked} streams`;
  return breaks.length === 0
    ? `${looked}: this code goes on with all of them`
    : `${looked}: ${breaks.length} would break\n${table(['kind', 'about', 'detail'], breaks)}`;
}
