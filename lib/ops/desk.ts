import type { Link } from '../broker/connection';
import type { Publisher } from '../broker/publisher';
import { fail } from '../errors/errors';
import { createLetterDesk } from './letter-desk';
import { createOutboxDesk } from './outbox-desk';
import { createParkedDesk } from './parked-desk';
import type { FindReaders, Log, Reader } from './readers';
import { selectAudit, type AuditEntry } from './store';

export interface DeskOptions {
  link: Link;
  publisher: Publisher;
  readers: readonly Reader[];
  logs: readonly Log[];
}

export type Desk = ReturnType<typeof createDesk>;

/** What operators can see and do; whatever changes something is written down, whether it succeeded or not. */
export function createDesk({ link, publisher, readers, logs }: DeskOptions) {
  const readersOf: FindReaders = (queue) => {
    const found = readers.filter((reader) => queue === undefined || reader.queue === queue);
    if (found.length > 0) return found;
    throw fail('not-found', `There is no queue ${queue ?? ''}; there are ${readers.map((r) => r.queue).join(', ')}`);
  };

  return {
    ...createLetterDesk({ link, publisher }, readersOf),
    ...createParkedDesk(publisher, readersOf),
    ...createOutboxDesk(publisher, logs, readersOf),

    async audit(limit: number): Promise<(AuditEntry & { service: string })[]> {
      const databases = new Map([...readers, ...logs].map(({ service, db }) => [service, db]));
      const entries = await Promise.all(
        Array.from(databases, async ([service, db]) =>
          (await selectAudit(db, limit)).map((entry) => ({ service, ...entry })),
        ),
      );
      return entries
        .flat()
        .sort((a, b) => b.time.getTime() - a.time.getTime())
        .slice(0, limit);
    },
  };
}
