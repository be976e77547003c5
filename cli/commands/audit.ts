import { parseArgs } from 'node:util';
import type { Drift } from '../../workers/audit/compare';
import { auditHere } from '../../workers/audit/here';
import { retryDelaysMs } from '../../workers/config';
import { brokerAddresses } from '../broker-addresses';
import { exitCodes, UsageError, type Command } from '../command';
import { databaseAddress } from '../database-addresses';
import { print } from '../print';
import { table } from '../table';
import { temporalAddress } from '../temporal-address';

export const audit: Command = {
  usage: '[--settle seconds] [--behind seconds] [--window hours] [--json]',
  summary: 'Compare the books of all services, and consumers with the logs (exit code 2: they differ)',
  async run(args) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        settle: { type: 'string', default: '60' },
        behind: { type: 'string', default: '300' },
        window: { type: 'string', default: '24' },
        json: { type: 'boolean', default: false },
      },
    });
    const found = await auditHere({
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
    print(found, {
      json: values.json,
      words: ({ orders, drift }) =>
        drift.length === 0
          ? `${orders} orders: everything agrees`
          : `${orders} orders, ${drift.length} differences\n${table(['kind', 'about', 'detail'], drift)}${repairs(drift)}`,
    });
    if (found.drift.length > 0) process.exitCode = exitCodes.nothing;
  },
};

/** The commands that repair what differs, whole: they are there to be pasted. */
function repairs(drift: readonly Drift[]): string {
  const commands = drift.flatMap(({ repair }) => repair ?? []);
  return commands.length === 0 ? '' : `\n\nTo repair:\n${commands.map((command) => `  ${command}`).join('\n')}`;
}

function numberOf(option: string, value: string): number {
  const number = Number(value);
  if (value !== '' && number >= 0 && number <= 1_000_000_000) return number;
  throw new UsageError(`--${option} is a number`);
}
