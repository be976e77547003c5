import type { OutboxResponse, ReplayResponse } from '../../lib/operations/outbox/contract';
import { CommandFailure, UsageError } from '../failures';
import { print, type OutputOptions } from '../output';
import { connectApi } from '../platform/api';
import { table } from '../table';

export async function status(options: OutputOptions): Promise<void> {
  const { items } = (await connectApi().get('/ops/outbox')) as OutboxResponse;
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
  print(items, options, (rows) => [table(columns, rows), ...heldBack].join('\n'));
}

export async function pause(service: string, options: OutputOptions): Promise<void> {
  print(
    await connectApi().post('/ops/outbox/pause', { service }),
    options,
    () => `${service} is paused: it publishes nothing`,
  );
}

export async function resume(service: string, options: OutputOptions): Promise<void> {
  print(await connectApi().post('/ops/outbox/resume', { service }), options, () => `${service} publishes again`);
}

interface ReplayOptions extends OutputOptions {
  from?: string;
  stream?: string;
  queue?: string;
}

export async function replay(service: string, options: ReplayOptions): Promise<void> {
  const request = { service, ...startOf(options), ...(options.queue ? { queue: options.queue } : {}) };
  const result = (await connectApi().post('/ops/outbox/replay', request)) as ReplayResponse;
  print(result, options, (replayed) => describe(service, replayed));
  if (result.unpublished > 0) throw new CommandFailure('stopped', adviceOn(service, result));
}

/** Of a stream, a version; otherwise a number is a position in the log, anything else a time. */
function startOf({ from, stream }: ReplayOptions) {
  if (stream !== undefined) {
    if (from !== undefined && !/^[1-9]\d{0,8}$/.test(from)) throw new UsageError('Give --from a version of the stream');
    return { stream, ...(from === undefined ? {} : { version: Number(from) }) };
  }
  if (from !== undefined && /^\d+$/.test(from)) return { position: Number(from) };
  if (from === undefined || Number.isNaN(Date.parse(from))) throw new UsageError('Give --from a position or a time');
  return { time: new Date(from).toISOString() };
}

const describe = (service: string, { published, parked }: ReplayResponse): string =>
  `${published} events of ${service} were published again` +
  (parked > 0 ? `; ${parked} are parked, because no message can be made of them` : '');

const adviceOn = (service: string, { unpublished, heldBack }: ReplayResponse): string =>
  `${unpublished} later events are not published yet` +
  (heldBack > 0 ? `, ${heldBack} of them held back by an open transaction` : '') +
  `: see "outbox status", then replay ${service} again`;

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
