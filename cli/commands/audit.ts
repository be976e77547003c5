import { parseArgs } from 'node:util';
import { auditHere } from '../../workers/audit/here';
import { exitCodes, type Command } from '../command';
import { databaseAddress } from '../database-addresses';
import { print } from '../print';
import { table } from '../table';
import { temporalAddress } from '../temporal-address';

export const audit: Command = {
  usage: '[--settle seconds] [--json]',
  summary: 'Compare orders, payments, gateway, stock, shipments and workflows (exit code 2: they differ)',
  async run(args) {
    const { values } = parseArgs({
      args: [...args],
      options: { settle: { type: 'string', default: '60' }, json: { type: 'boolean', default: false } },
    });
    const settleMs = Number(values.settle) * 1_000;
    const found = await auditHere({ urlOf: databaseAddress, temporal: temporalAddress(), settleMs });
    print(found, {
      json: values.json,
      words: ({ orders, drift }) =>
        drift.length === 0
          ? `${orders} orders: everything agrees`
          : `${orders} orders, ${drift.length} differences\n${table(['kind', 'about', 'detail'], drift)}`,
    });
    if (found.drift.length > 0) process.exitCode = exitCodes.nothing;
  },
};
