import type { ParkedResponse } from '../../lib/operations/parked/contract';
import { CommandFailure } from '../failures';
import { print, type OutputOptions } from '../output';
import { connectApi } from '../platform/api';
import { table } from '../table';

interface ListOptions extends OutputOptions {
  queue?: string;
}

export async function list({ queue, ...output }: ListOptions): Promise<void> {
  const query = queue === undefined ? '' : `?queue=${encodeURIComponent(queue)}`;
  const { items } = (await connectApi().get(`/ops/parked${query}`)) as ParkedResponse;
  if (items.length === 0 && !output.json) throw new CommandFailure('no-match', 'No event is parked');
  const columns = ['queue', 'stream', 'reached', 'version', 'eventId', 'type', 'reason', 'parkedAt'] as const;
  print(items, output, (rows) => table(columns, rows));
}

interface ReleaseOptions extends OutputOptions {
  queue: string;
  stream: string;
  id?: string;
}

export async function release({ json = false, ...request }: ReleaseOptions): Promise<void> {
  const { queue, stream } = request;
  const released = await act('release', request);
  print(
    released,
    { json },
    ({ skippedVersions }) =>
      `${stream} goes on in ${queue}; what cannot be read yet is parked again; ${skippedVersions} missing versions were skipped`,
  );
}

interface DiscardOptions extends OutputOptions {
  queue: string;
  stream: string;
  id: string;
  reason: string;
}

export async function discard({ json = false, ...request }: DiscardOptions): Promise<void> {
  const { queue, stream, id } = request;
  const discarded = await act('discard', request);
  print(
    discarded,
    { json },
    ({ skippedVersions }) =>
      `${stream} goes on in ${queue} without ${id}; ${skippedVersions} missing versions were skipped`,
  );
}

async function act(action: string, request: object): Promise<{ skippedVersions: number }> {
  const { skippedVersions } = (await connectApi().post(`/ops/parked/${action}`, request)) as {
    skippedVersions: number;
  };
  return { skippedVersions };
}
