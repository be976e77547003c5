import { parseArgs } from 'node:util';
import { settleableKinds } from '../../contracts/http/drift';
import type { Reconciliation } from '../../workers/reconciliation/reconcile';
import { reconcileStandalone } from '../../workers/reconciliation/standalone';
import { retryDelaysMs } from '../../workers/config/config';
import { openApi } from '../api';
import { brokerAddresses } from '../broker-addresses';
import { exitCodes, UsageError, type Command } from '../command';
import { databaseAddress } from '../database-addresses';
import { print } from '../print';
import { table } from '../table';
import { temporalAddress } from '../temporal-address';

const options = {
  settle: { type: 'string', default: '60' },
  behind: { type: 'string', default: '300' },
  window: { type: 'string', default: '24' },
  kind: { type: 'string' },
  reason: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

interface Values {
  settle: string;
  behind: string;
  window: string;
  kind?: string | undefined;
  reason?: string | undefined;
  json: boolean;
}

export const audit: Command = {
  usage: '[--settle seconds] [--behind seconds] [--window hours] [--json] | settle <orderId> --kind k --reason r',
  summary: 'Compare the books of all services, and consumers with the logs (exit code 2: they differ)',
  async run(args) {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
    const [verb, orderId, ...more] = positionals;
    if (verb === undefined) return compare(values);
    if (verb !== 'settle' || !orderId || more.length > 0) throw new UsageError('Give nothing, or settle with an order');
    await settle(orderId, values);
  },
};

async function compare({ json, ...values }: Values): Promise<void> {
  const found = await reconcileStandalone({
    urlOf: databaseAddress,
    temporal: temporalAddress(),
    settleMs: numberOf('settle', values.settle) * 1_000,
    progress: {
      amqpUrl: brokerAddresses(process.env).amqpUrl,
      delaysMs: retryDelaysMs.parse(process.env['RETRY_DELAYS_MS']),
      behindMs: numberOf('behind', values.behind) * 1_000,
      windowMs: numberOf('window', values.window) * 3_600_000,
      onLeftOut: (queue, why) => process.stderr.write(`${queue} is not compared: ${why}\n`),
    },
  });
  print(found, { json, words: inWords });
  if (found.drift.length > 0) process.exitCode = exitCodes.nothing;
}

/** The differences, and the commands that repair or settle them, whole: they are there to be pasted. */
function inWords({ orders, drift }: Reconciliation): string {
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

async function settle(orderId: string, { kind, reason, json }: Values): Promise<void> {
  if (!settleableKinds.some((known) => known === kind))
    throw new UsageError(`Give --kind ${settleableKinds.join(' or ')}: every other difference is repaired`);
  if (!reason) throw new UsageError('Give --reason: why is it settled?');
  print(await openApi().post(`/ops/drift/${orderId}/settle`, { kind, reason }), {
    json,
    words: () => `${kind} of order ${orderId} is settled: it is not shown again`,
  });
}

function numberOf(option: string, value: string): number {
  const number = Number(value);
  if (value !== '' && number >= 0 && number <= 1_000_000_000) return number;
  throw new UsageError(`--${option} is a number`);
}
