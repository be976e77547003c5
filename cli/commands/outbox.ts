import { parseArgs } from 'node:util';
import type { OutboxResponse } from '../../contracts/http/ops';
import { openApi } from '../api';
import { UsageError, type Command } from '../command';
import { print } from '../print';
import { table } from '../table';

export const outbox: Command = {
  usage: 'status | pause|resume <service> | replay <service> --from <position|time> [--queue q] [--json]',
  summary: 'The logs and their relays: look, stop, go on, publish again',
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { from: { type: 'string' }, queue: { type: 'string' }, json: { type: 'boolean', default: false } },
    });
    const [verb, service, ...rest] = positionals;
    const { json } = values;
    if (verb === 'status' && service === undefined) return status(json);
    if (!service || rest.length > 0) throw new UsageError('Give status, or pause, resume or replay with a service');
    if (verb === 'pause' || verb === 'resume') {
      const result = await openApi().post(`/ops/outbox/${verb}`, { service });
      print(result, {
        json,
        words: () => (verb === 'pause' ? `${service} publishes nothing now` : `${service} publishes`),
      });
    } else if (verb === 'replay') {
      const request = { service, ...placeOf(values.from), ...(values.queue ? { queue: values.queue } : {}) };
      const result = (await openApi().post('/ops/outbox/replay', request)) as { published: number };
      print(result, { json, words: ({ published }) => `${published} events of ${service} were published again` });
    } else throw new UsageError(`There is no "outbox ${verb ?? ''}"`);
  },
};

/** A number is a place in the log, anything else a time. */
function placeOf(from: string | undefined): { position: number } | { time: string } {
  if (from !== undefined && /^\d+$/.test(from)) return { position: Number(from) };
  if (from === undefined || Number.isNaN(Date.parse(from))) throw new UsageError('Give --from a position or a time');
  return { time: new Date(from).toISOString() };
}

async function status(json: boolean): Promise<void> {
  const { items } = (await openApi().get('/ops/outbox')) as OutboxResponse;
  const columns = [
    'service',
    'paused',
    'unpublished',
    'oldestUnpublishedSeconds',
    'parked',
    'refused',
    'cursor',
    'owner',
  ] as const;
  print(items, { json, words: (rows) => table(columns, rows) });
}
