import type { Publisher } from '../../broker/publishing/publisher';
import { audited } from '../audit';
import { discardParked, releaseParked } from './parked';
import { selectParked } from './parked-store';
import type { FindReaders } from '../readers';

/** Events shown of one queue. */
const maxParked = 1_000;

/** Listing, releasing and discarding parked events. */
export function createParkedOperations(publisher: Publisher, readersOf: FindReaders) {
  return {
    async parked(queue: string | undefined) {
      const found = readersOf(queue).map(async (reader) =>
        (await selectParked(reader.db, reader.subscription.name, maxParked)).map((event) => ({
          queue: reader.queue,
          ...event,
        })),
      );
      return (await Promise.all(found)).flat();
    },

    async release(queue: string, stream: string, id?: string): Promise<number> {
      const [reader] = readersOf(queue);
      if (!reader) return 0;
      const run = () => releaseParked(publisher, reader, stream, id);
      return audited(reader.db, 'parked release', `${queue} ${stream}`, { queue, stream, id }, run);
    },

    async discardParked(queue: string, stream: string, id: string, reason: string): Promise<number> {
      const [reader] = readersOf(queue);
      if (!reader) return 0;
      const run = () => discardParked(publisher, reader, stream, id);
      const request = { queue, stream, id, reason };
      return (await audited(reader.db, 'parked discard', `${queue} ${stream}`, request, run)).skipped;
    },
  };
}
