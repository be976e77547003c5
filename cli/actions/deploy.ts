import { resolve } from 'node:path';
import { retryDelaysMs } from '../../workers/config/config';
import { checkDeploy, type DeployReport } from '../../workers/deploy/check';
import type { CheckResult } from '../../workers/deploy/check-result';
import { promoteBuild } from '../../workers/deploy/promote';
import { exitCodes } from '../exit-codes';
import { print, type OutputOptions } from '../output';
import { brokerUrl, databaseAddress } from '../platform/addresses';
import { temporalAddress } from '../platform/temporal';
import { table } from '../table';

interface CheckOptions extends OutputOptions {
  /** Streams of each log. */
  sample: number;
  workflows?: string;
}

export async function check({ sample, workflows, ...output }: CheckOptions): Promise<void> {
  const report = await checkDeploy({
    temporal: temporalAddress(),
    amqpUrl: brokerUrl(),
    urlOf: databaseAddress,
    delaysMs: retryDelaysMs.parse(process.env['RETRY_DELAYS_MS']),
    sample,
    workflows: workflows === undefined ? bundle(process.env['WORKFLOW_BUNDLE']) : resolve(workflows),
  });
  print(report, output, describe);
  if (Object.values(report).some(({ breaks }) => breaks.length > 0)) process.exitCode = exitCodes.failed;
}

/** In the image the workflows are bundled, and there is nothing to bundle them with. */
const bundle = (file: string | undefined) => (file ? { codePath: file } : undefined);

export async function promote(buildId: string, options: OutputOptions): Promise<void> {
  await promoteBuild(temporalAddress(), buildId);
  print({ buildId }, options, () => `${buildId} is the current version: sagas go on there`);
}

const shares = ({ looked, of = looked }: CheckResult): string => `${looked} of ${of}`;

function describe(report: DeployReport): string {
  const breaks = Object.values(report).flatMap((part) => part.breaks);
  const { sagas, messages, parked, streams } = report;
  const looked = `${sagas.looked} open sagas, ${shares(messages)} messages, ${shares(parked)} parked events, ${streams.looked} streams`;
  return breaks.length === 0
    ? `${looked}: this build is compatible with all of them`
    : `${looked}: ${breaks.length} would break\n${table(['kind', 'about', 'detail'], breaks)}`;
}
