import type { ChainReport } from '../../workers/reconciliation/chains';
import { findUnprotected, verifyChainsStandalone } from '../../workers/reconciliation/chains-standalone';
import type { Reconciliation } from '../../workers/reconciliation/reconcile';
import { reconcileStandalone } from '../../workers/reconciliation/standalone';
import { retryDelaysMs } from '../../workers/config/config';
import { exitCodes } from '../exit-codes';
import { note, print, type OutputOptions } from '../output';
import { brokerUrl, databaseAddress } from '../platform/addresses';
import { connectApi } from '../platform/api';
import { temporalAddress } from '../platform/temporal';
import { table } from '../table';

interface CompareOptions extends OutputOptions {
  /** Seconds. */
  settle: number;
  /** Seconds. */
  behind: number;
  /** Hours. */
  window: number;
  /** Verifies the seals of the logs instead. */
  chain?: boolean;
}

export async function compare(options: CompareOptions): Promise<void> {
  await noteUnprotected(options);
  if (options.chain) return verifySeals(options);
  const found = await reconcileStandalone({
    urlOf: databaseAddress,
    temporal: temporalAddress(),
    settleMs: options.settle * 1_000,
    progress: {
      amqpUrl: brokerUrl(),
      delaysMs: retryDelaysMs.parse(process.env['RETRY_DELAYS_MS']),
      behindMs: options.behind * 1_000,
      windowMs: options.window * 3_600_000,
      onLeftOut: (queue, why) => note(`${queue} is not compared: ${why}`, options),
    },
  });
  print(found, options, describe);
  if (found.drift.length > 0) process.exitCode = exitCodes.different;
}

async function noteUnprotected(output: OutputOptions): Promise<void> {
  const found = await findUnprotected({ urlOf: databaseAddress });
  if (found.length > 0)
    note(`Their own roles could change the logs of ${found.join(', ')}: docs/how-to/protect-the-log.md`, output);
}

async function verifySeals(output: OutputOptions): Promise<void> {
  const onLeftOut = (service: string, why: string): void => note(`${service} is not verified: ${why}`, output);
  const report = await verifyChainsStandalone({ urlOf: databaseAddress, onLeftOut });
  print(report, output, describeChains);
  if (report.drift.length > 0) process.exitCode = exitCodes.different;
}

function describeChains({ chains, seals, entries, drift }: ChainReport): string {
  const verified = `${counted(chains, 'log')}, ${counted(seals, 'seal')} over ${entries} entries`;
  if (drift.length === 0) return `${verified}: nothing was changed`;
  return [`${verified}, ${counted(drift.length, 'difference')}`, table(['about', 'detail'], drift, Infinity)].join(
    '\n',
  );
}

/** The differences, and the commands that repair or settle them, whole: they are there to be pasted. */
function describe({ orders, drift }: Reconciliation): string {
  if (drift.length === 0) return `${counted(orders, 'order')}: everything agrees`;
  const commands = drift.flatMap(({ repair }) => repair ?? []);
  return [
    `${counted(orders, 'order')}, ${counted(drift.length, 'difference')}`,
    // Not cut off: an operator acts on it.
    table(['kind', 'about', 'detail'], drift, Infinity),
    ...(commands.length > 0 ? ['', 'To repair or settle them:', ...commands.map((command) => `  ${command}`)] : []),
  ].join('\n');
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

interface SettleOptions extends OutputOptions {
  kind: string;
  reason: string;
}

export async function settle(orderId: string, { kind, reason, ...output }: SettleOptions): Promise<void> {
  const settled = await connectApi().post(`/ops/drift/${orderId}/settle`, { kind, reason });
  print(settled, output, () => `${kind} of order ${orderId} is settled and will not be reported again`);
}
