import type { UnpublishedResponse, UnpublishedTaken } from '../../lib/operations/outbox/contract';
import { CommandFailure } from '../failures';
import { print, type OutputOptions } from '../output';
import { connectApi } from '../platform/api';
import { table } from '../table';

export const listAll = (options: OutputOptions): Promise<void> => list(undefined, options);

export async function list(service: string | undefined, options: OutputOptions): Promise<void> {
  const query = service === undefined ? '' : `?service=${encodeURIComponent(service)}`;
  const { items } = (await connectApi().get(`/ops/outbox/parked${query}`)) as UnpublishedResponse;
  if (items.length === 0 && !options.json) throw new CommandFailure('no-match', 'Every event could be published');
  const columns = ['service', 'eventId', 'stream', 'version', 'type', 'state', 'reason', 'time'] as const;
  print(items, options, (rows) => table(columns, rows));
}

export async function retry(service: string, id: string, options: OutputOptions): Promise<void> {
  const taken = (await connectApi().post('/ops/outbox/parked/retry', { service, id })) as UnpublishedTaken;
  print(
    taken,
    options,
    ({ stream, version, type }) =>
      `The relay publishes ${type}, version ${version} of ${stream}, now; if that fails, it is parked again`,
  );
}

interface DiscardOptions extends OutputOptions {
  reason: string;
}

export async function discard(service: string, id: string, { reason, ...output }: DiscardOptions): Promise<void> {
  const taken = (await connectApi().post('/ops/outbox/parked/discard', { service, id, reason })) as UnpublishedTaken;
  print(
    taken,
    output,
    ({ stream, version, type }) =>
      `${type}, version ${version} of ${stream}, is never published; "parked list" shows the consumers that wait for it`,
  );
}
