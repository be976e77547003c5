import { parseArgs } from 'node:util';
import type { ConsumersResponse } from '../../lib/operations/consumers/contract';
import { openApi } from '../api';
import { UsageError, type Command } from '../command';
import { print } from '../print';
import { table } from '../table';

export const consumers: Command = {
  usage: 'list [--json]',
  summary: 'Queues, and which are held because a system that they need is away',
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false } },
    });
    if (positionals.join(' ') !== 'list') throw new UsageError('Give list');
    const { items } = (await openApi().get('/ops/consumers')) as ConsumersResponse;
    print(items, { json: values.json, words: (rows) => table(['queue', 'state', 'heldSince', 'reason'], rows) });
  },
};
