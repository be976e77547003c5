import { parseArgs } from 'node:util';
import type { ParkedResponse } from '../../contracts/http/ops';
import { openApi } from '../api';
import { CommandFailure, exitCodes, UsageError, type Command } from '../command';
import { print } from '../print';
import { table } from '../table';

export const parked: Command = {
  usage: 'list [--queue q] | release --queue q --stream s [--json]',
  summary: 'Events that wait for a predecessor or a deploy; go on without what is missing',
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { queue: { type: 'string' }, stream: { type: 'string' }, json: { type: 'boolean', default: false } },
    });
    const { queue, stream, json } = values;
    if (positionals.join(' ') === 'list') return list(queue, json);
    if (positionals.join(' ') !== 'release') throw new UsageError('Give list or release');
    if (!queue || !stream) throw new UsageError('Give --queue and --stream');
    const released = (await openApi().post('/ops/parked/release', { queue, stream })) as { skippedVersions: number };
    print(released, {
      json,
      words: (r) => `${stream} goes on in ${queue}; ${r.skippedVersions} versions were skipped`,
    });
  },
};

async function list(queue: string | undefined, json: boolean): Promise<void> {
  const query = queue === undefined ? '' : `?queue=${encodeURIComponent(queue)}`;
  const { items } = (await openApi().get(`/ops/parked${query}`)) as ParkedResponse;
  if (items.length === 0 && !json) throw new CommandFailure(exitCodes.nothing, 'Nothing is parked');
  const columns = ['queue', 'stream', 'reached', 'version', 'type', 'reason', 'parkedAt'] as const;
  print(items, { json, words: (rows) => table(columns, rows) });
}
