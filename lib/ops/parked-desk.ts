import type { Publisher } from '../broker/publisher';
import { audited } from './audit';
import { releaseParked } from './parked';
import type { FindReaders } from './readers';
import { selectParked } from './store';

/** More parked events than that are not shown for one queue. */
const mostParked = 1_000;

/** Looking at what waits in the inboxes, and letting it go. */
export function createParkedDesk(publisher: Publisher, readersOf: FindReaders) {
  return {
    async parked(queue: string | undefined) {
      const found = readersOf(queue).map(async (reader) =>
        (await selectParked(reader.db, reader.subscription.name, mostParked)).map((event) => ({
          queue: reader.queue,
          ...event,
        })),
      );
      return (await Promise.all(found)).flat();
    },

    async release(queue: string, stream: string): Promise<number> {
      const [reader] = readersOf(queue);
      if (!reader) return 0;
      const run = () => releaseParked(publisher, reader, stream);
      return audited(reader.db, 'parked release', `${queue} ${stream}`, { queue, stream }, run);
    },
  };
}
