import type { UnpublishedResponse, UnpublishedTaken } from '../../lib/operations/outbox/contract';
import { openApi } from '../api';
import { CommandFailure, exitCodes, UsageError } from '../command';
import { print } from '../print';
import { table } from '../table';

interface Options {
  reason?: string | undefined;
  json: boolean;
}

/** `outbox parked list [service] | retry <service> <id> | discard <service> <id> --reason r` */
export async function outboxParked(args: readonly string[], { reason, json }: Options): Promise<void> {
  const [verb = 'list', service, id, ...more] = args;
  if (more.length > 0) throw new UsageError(`${more.join(' ')}: that is too much`);
  if (verb === 'list' && id === undefined) return list(service, json);
  if (verb !== 'retry' && verb !== 'discard') throw new UsageError('Give list, retry or discard');
  if (!service || !id) throw new UsageError('Give a service and an event id');
  if (verb === 'discard' && !reason) throw new UsageError('Give --reason');
  const request = { service, id, ...(verb === 'discard' ? { reason } : {}) };
  const taken = (await openApi().post(`/ops/outbox/parked/${verb}`, request)) as UnpublishedTaken;
  print(taken, {
    json,
    words: ({ stream, version, type }) =>
      verb === 'retry'
        ? `The relay tries ${type}, version ${version} of ${stream}, now; what cannot be published is parked again`
        : `${type}, version ${version} of ${stream}, is never published; see "parked list" for consumers that wait for it`,
  });
}

async function list(service: string | undefined, json: boolean): Promise<void> {
  const query = service === undefined ? '' : `?service=${encodeURIComponent(service)}`;
  const { items } = (await openApi().get(`/ops/outbox/parked${query}`)) as UnpublishedResponse;
  if (items.length === 0 && !json) throw new CommandFailure(exitCodes.nothing, 'Everything could be published');
  const columns = ['service', 'eventId', 'stream', 'version', 'type', 'state', 'reason', 'time'] as const;
  print(items, { json, words: (rows) => table(columns, rows) });
}
