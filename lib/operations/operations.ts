import type { Link } from '../broker/connection/link';
import type { Publisher } from '../broker/publishing/publisher';
import type { Consumer } from '../inbox/processing/consumer';
import { fail } from '../errors/errors';
import { createLetterDesk } from './dead-letters/admin';
import { createOutboxDesk } from './outbox/admin';
import { createParkedDesk } from './parked/admin';
import type { FindReaders, Log, Reader } from './readers';
import { selectAudit, type AuditEntry } from './store';

export interface DeskOptions {
  link: Link;
  publisher: Publisher;
  readers: readonly Reader[];
  logs: readonly Log[];
  /** By queue, the consumers that run in this process. */
  consumers: ReadonlyMap<string, Pick<Consumer, 'held'>>;
}

export type Desk = ReturnType<typeof createDesk>;

/** What operators can see and do; whatever changes something is written down, whether it succeeded or not. */
export function createDesk({ link, publisher, readers, logs, consumers }: DeskOptions) {
  const readersOf: FindReaders = (queue) => {
    const found = readers.filter((reader) => queue === undefined || reader.queue === queue);
    if (found.length > 0) return found;
    throw fail('not-found', `There is no queue ${queue ?? ''}; there are ${readers.map((r) => r.queue).join(', ')}`);
  };

  return {
    ...createLetterDesk({ link, publisher }, readersOf),
    ...createParkedDesk(publisher, readersOf),
    ...createOutboxDesk(publisher, logs, readersOf),

    /** Each queue, and whether its consumer waits for a system that is away. */
    consumers: () =>
      readers.map(({ service, queue }) => {
        const consumer = consumers.get(queue);
        const held = consumer?.held();
        return { service, queue, state: consumer ? (held ? 'held' : 'flowing') : 'elsewhere', ...held } as const;
      }),

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
