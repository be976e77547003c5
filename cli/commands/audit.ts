import { parseArgs } from 'node:util';
import type { Audit } from '../../workers/audit/audit';
import { driftKinds } from '../../workers/audit/compare';
import { auditHere } from '../../workers/audit/here';
import { openApi } from '../api';
import { exitCodes, UsageError, type Command } from '../command';
import { databaseAddress } from '../database-addresses';
import { print } from '../print';
import { table } from '../table';
import { temporalAddress } from '../temporal-address';

export const audit: Command = {
  usage: '[--settle seconds] [--json] | settle <orderId> --kind k --reason r',
  summary:
    'Compare orders, payments, gateway, stock, shipments and workflows (exit code 2: they differ); settle a difference',
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        settle: { type: 'string', default: '60' },
        kind: { type: 'string' },
        reason: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    });
    const [verb, orderId, ...more] = positionals;
    if (verb === undefined) return compare(Number(values.settle) * 1_000, values.json);
    if (verb !== 'settle' || !orderId || more.length > 0) throw new UsageError('Give nothing, or settle with an order');
    await settle(orderId, values);
  },
};

async function compare(settleMs: number, json: boolean): Promise<void> {
  const found = await auditHere({ urlOf: databaseAddress, temporal: temporalAddress(), settleMs });
  print(found, { json, words: inWords });
  if (found.drift.length > 0) process.exitCode = exitCodes.nothing;
}

/** How this program was called; npm says under which name it runs a script. */
const program = process.env['npm_lifecycle_event'] === 'sagaworks' ? 'npm run sagaworks --' : 'sagaworks';

function inWords({ orders, drift }: Audit): string {
  if (drift.length === 0) return `${orders} orders: everything agrees`;
  const commands = drift.flatMap(({ command }) => command?.replace(/^sagaworks/, program) ?? []);
  return [
    `${orders} orders, ${drift.length} differences`,
    // Not cut off: what is said here is what somebody must act on.
    table(['kind', 'about', 'detail'], drift, Infinity),
    ...(commands.length > 0 ? ['', 'To repair or settle them:', ...commands] : []),
  ].join('\n');
}

async function settle(
  orderId: string,
  { kind, reason, json }: { kind?: string; reason?: string; json: boolean },
): Promise<void> {
  if (!driftKinds.some((known) => known === kind)) throw new UsageError(`Give --kind: one of ${driftKinds.join(', ')}`);
  if (!reason) throw new UsageError('Give --reason: why is it settled?');
  print(await openApi().post(`/ops/drift/${orderId}/settle`, { kind, reason }), {
    json,
    words: () => `${kind} of order ${orderId} is settled: it is not shown again`,
  });
}
