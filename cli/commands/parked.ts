import { parseArgs } from 'node:util';
import type { ParkedResponse } from '../../lib/operations/parked/contract';
import { openApi } from '../api';
import { CommandFailure, exitCodes, UsageError, type Command } from '../command';
import { print } from '../print';
import { table } from '../table';

export const parked: Command = {
  usage: 'list [--queue q] | release --queue q --stream s [--id e] | discard --queue q --stream s --id e --reason r',
  summary: 'Events that wait for a predecessor or a deploy: try one now, or give one up; all take --json',
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        queue: { type: 'string' },
        stream: { type: 'string' },
        id: { type: 'string' },
        reason: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    });
    const { queue, stream, id, reason, json } = values;
    const verb = positionals.join(' ');
    if (verb === 'list') return list(queue, json);
    if (verb !== 'release' && verb !== 'discard') throw new UsageError('Give list, release or discard');
    if (!queue || !stream) throw new UsageError('Give --queue and --stream');
    if (verb === 'discard' && (!id || !reason)) throw new UsageError('Give --id and --reason');
    const request = { queue, stream, ...(id ? { id } : {}), ...(verb === 'discard' ? { reason } : {}) };
    const { skippedVersions } = (await openApi().post(`/ops/parked/${verb}`, request)) as { skippedVersions: number };
    const done =
      verb === 'discard'
        ? `${stream} goes on in ${queue} without ${id}`
        : `${stream} goes on in ${queue}; what cannot be read yet is parked again`;
    print({ skippedVersions }, { json, words: () => `${done}; ${skippedVersions} missing versions were skipped` });
  },
};

async function list(queue: string | undefined, json: boolean): Promise<void> {
  const query = queue === undefined ? '' : `?queue=${encodeURIComponent(queue)}`;
  const { items } = (await openApi().get(`/ops/parked${query}`)) as ParkedResponse;
  if (items.length === 0 && !json) throw new CommandFailure(exitCodes.nothing, 'Nothing is parked');
  const columns = ['queue', 'stream', 'reached', 'version', 'eventId', 'type', 'reason', 'parkedAt'] as const;
  print(items, { json, words: (rows) => table(columns, rows) });
}
