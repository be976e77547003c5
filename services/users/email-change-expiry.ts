import type { Kysely } from 'kysely';
import { every } from '../../lib/async/every';
import type { Background } from '../../lib/service/define-service';
import type { Logger } from '../../lib/telemetry/logger';
import { deleteOldEmailChanges } from './email-change-store';
import type { UserTables } from './tables';

const everyMs = 3_600_000;

/** Deletes, every hour, the addresses of changes that nobody has confirmed in time. */
export function createEmailChangeExpiry({
  db,
  logger,
  clock,
}: {
  db: Kysely<UserTables>;
  logger: Logger;
  clock: () => Date;
}): Background {
  let stop = (): void => undefined;
  return {
    start: () => {
      stop = every(() => deleteOldEmailChanges(db, clock()), { everyMs, name: 'expiry of e-mail changes', logger });
    },
    stop: () => {
      stop();
      return Promise.resolve();
    },
  };
}
