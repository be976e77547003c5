import { parseArgs } from 'node:util';
import type { OutboxResponse } from '../../contracts/http/ops';
import { openApi } from '../api';
import { UsageError, type Command } from '../command';
import { print } from '../print';
import { table } from '../table';
import { outboxParked } from './outbox-parked';

export const outbox: Command = {
  usage:
    'status | pause|resume <service> | replay <service> --from <position|time> | replay <service> --stream s [--from <version>] | parked [list|retry|discard]',
  summary:
    'The logs and their relays: look, stop, go on, publish again (also to one --queue), what cannot be published',
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        from: { type: 'string' },
        stream: { type: 'string' },
        queue: { type: 'string' },
        reason: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    });
    const [verb, service, ...rest] = positionals;
    const { json } = values;
    if (verb === 'status' && service === undefined) return status(json);
    if (verb === 'parked') return outboxParked(positionals.slice(1), values);
    if (!service || rest.length > 0) throw new UsageError('Give status, or pause, resume or replay with a service');
    if (verb === 'pause' || verb === 'resume') {
      const result = await openApi().post(`/ops/outbox/${verb}`, { service });
      print(result, {
        json,
        words: () => (verb === 'pause' ? `${service} publishes nothing now` : `${service} publishes`),
      });
    } else if (verb === 'replay') {
      const request = { service, ...placeOf(values), ...(values.queue ? { queue: values.queue } : {}) };
      const result = (await openApi().post('/ops/outbox/replay', request)) as { published: number };
      print(result, { json, words: ({ published }) => `${published} events of ${service} were published again` });
    } else throw new UsageError(`There is no "outbox ${verb ?? ''}"`);
  },
};

/** Of a stream, a version; otherwise a number is a place in the log, anything else a time. */
function placeOf({ from, stream }: { from?: string | undefined; stream?: string | undefined }) {
  if (stream !== undefined) {
    if (from !== undefined && !/^[1-9]\d{0,8}$/.test(from)) throw new UsageError('Give --from a version of the stream');
    return { stream, ...(from === undefined ? {} : { version: Number(from) }) };
  }
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
