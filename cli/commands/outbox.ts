import { parseArgs } from 'node:util';
import type { OutboxResponse, ReplayResponse } from '../../lib/operations/outbox/contract';
import { openApi } from '../api';
import { CommandFailure, exitCodes, UsageError, type Command } from '../command';
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
      const result = (await openApi().post('/ops/outbox/replay', request)) as ReplayResponse;
      print(result, { json, words: (replayed) => wordsOf(service, replayed) });
      if (result.unpublished > 0) throw new CommandFailure(exitCodes.stopped, adviceOn(service, result));
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

const wordsOf = (service: string, { published, parked }: ReplayResponse): string =>
  `${published} events of ${service} were published again` +
  (parked > 0 ? `; ${parked} are parked, because no message can be made of them` : '');

const adviceOn = (service: string, { unpublished, heldBack }: ReplayResponse): string =>
  `${unpublished} later events are not published yet` +
  (heldBack > 0 ? `, ${heldBack} of them held back by an open transaction` : '') +
  `: see "outbox status", then replay ${service} again`;

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
  const heldBack = items.flatMap((item) => (item.heldBackBy ? [heldBackLine(item, item.heldBackBy)] : []));
  print(items, { json, words: (rows) => [table(columns, rows), ...heldBack].join('\n') });
}

type Item = OutboxResponse['items'][number];

/** Who holds a log back, and what can be done about it. */
function heldBackLine({ service, oldestHeldBackSeconds }: Item, by: NonNullable<Item['heldBackBy']>): string {
  const { pid, application, user, state, transactionSeconds, querySeconds } = by;
  const who = pid === undefined ? application : `pid ${pid} (${application || 'no application name'})`;
  return (
    `${service} is held back for ${seconds(oldestHeldBackSeconds)} by ${who} of ${user}: ${state}, ` +
    `transaction ${seconds(transactionSeconds)}, query ${seconds(querySeconds)}` +
    (pid === undefined ? '' : `; "select pg_terminate_backend(${pid})" ends it`)
  );
}

const seconds = (value: number | undefined): string => (value === undefined ? 'hidden' : `${Math.round(value)} s`);
