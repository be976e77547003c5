import { platformError } from '../../errors/errors';
import { audited } from '../audit';
import type { Log } from '../readers';
import {
  deleteUnpublished,
  retryUnpublished,
  selectUnpublished,
  type TakenEvent,
  type UnpublishedEvent,
} from './unpublished-store';

/** Events shown of one log. */
const maxShown = 1_000;

/** Listing, retrying and discarding events that a relay could not publish. */
export function createUnpublishedOperations(logs: readonly Log[], logOf: (service: string) => Log) {
  const found = (taken: TakenEvent | undefined, id: string, { exchange }: Log): TakenEvent => {
    if (taken) return taken;
    throw platformError('not-found', `No unpublished event ${id} for ${exchange}`);
  };

  return {
    async unpublished(service: string | undefined): Promise<(UnpublishedEvent & { service: string })[]> {
      const looked = service === undefined ? logs : [logOf(service)];
      const parts = looked.map(async (log) =>
        (await selectUnpublished(log.db, log.exchange, maxShown)).map((event) => ({ service: log.service, ...event })),
      );
      return (await Promise.all(parts)).flat();
    },

    /** The relay retries it at once, and parks it again when it still cannot be published. */
    async retryUnpublished(service: string, id: string): Promise<TakenEvent> {
      const log = logOf(service);
      const run = async () => found(await retryUnpublished(log.db, log.exchange, id), id, log);
      const taken = await audited(log.db, 'outbox parked retry', log.exchange, { service, id }, run);
      log.wake();
      return taken;
    },

    /** The event stays in the log and is never published; consumers wait for its version until that is released. */
    async discardUnpublished(service: string, id: string, reason: string): Promise<TakenEvent> {
      const log = logOf(service);
      const run = async () => found(await deleteUnpublished(log.db, log.exchange, id), id, log);
      return audited(log.db, 'outbox parked discard', log.exchange, { service, id, reason }, run);
    },
  };
}
