import { fail } from '../../errors/errors';
import { audited } from '../audit';
import type { Log } from '../readers';
import {
  deleteUnpublished,
  retryUnpublished,
  selectUnpublished,
  type TakenEvent,
  type UnpublishedEvent,
} from './unpublished-store';

/** More than that are not shown of one log. */
const most = 1_000;

/** Looking at events that a relay could not publish, trying them again, giving them up. */
export function createUnpublishedDesk(logs: readonly Log[], logOf: (service: string) => Log) {
  const found = (taken: TakenEvent | undefined, id: string, { exchange }: Log): TakenEvent => {
    if (taken) return taken;
    throw fail('not-found', `No event ${id} waits to be published to ${exchange}`);
  };

  return {
    async unpublished(service: string | undefined): Promise<(UnpublishedEvent & { service: string })[]> {
      const looked = service === undefined ? logs : [logOf(service)];
      const parts = looked.map(async (log) =>
        (await selectUnpublished(log.db, log.exchange, most)).map((event) => ({ service: log.service, ...event })),
      );
      return (await Promise.all(parts)).flat();
    },

    /** The relay tries it at once; what cannot be published still is parked again. */
    async retryUnpublished(service: string, id: string): Promise<TakenEvent> {
      const log = logOf(service);
      const run = async () => found(await retryUnpublished(log.db, log.exchange, id), id, log);
      const taken = await audited(log.db, 'outbox parked retry', log.exchange, { service, id }, run);
      log.wake();
      return taken;
    },

    /** It stays in the log and is never published: consumers wait for its version until that is released there. */
    async discardUnpublished(service: string, id: string, reason: string): Promise<TakenEvent> {
      const log = logOf(service);
      const run = async () => found(await deleteUnpublished(log.db, log.exchange, id), id, log);
      return audited(log.db, 'outbox parked discard', log.exchange, { service, id, reason }, run);
    },
  };
}
