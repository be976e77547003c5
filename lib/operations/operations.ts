import type { Link } from '../broker/connection/link';
import type { Publisher } from '../broker/publishing/publisher';
import type { Consumer } from '../inbox/processing/consumer';
import { platformError } from '../errors/errors';
import { createDeadLetterOperations } from './dead-letters/operations';
import { createOutboxOperations } from './outbox/operations';
import { createParkedOperations } from './parked/operations';
import type { FindReaders, Log, Reader } from './readers';
import { selectAudit, type AuditEntry } from './store';

export interface OperationsOptions {
  link: Link;
  publisher: Publisher;
  readers: readonly Reader[];
  logs: readonly Log[];
  /** By queue, the consumers that run in this process. */
  consumers: ReadonlyMap<string, Pick<Consumer, 'held'>>;
  /** The queues that are held in other processes, as far as these say so. */
  heldElsewhere?: () => Promise<ReadonlySet<string>>;
}

const noQueues: ReadonlySet<string> = new Set();

export type Operations = ReturnType<typeof createOperations>;

/** Everything operators can see and do. Each change is recorded in the audit log, with its outcome. */
export function createOperations(options: OperationsOptions) {
  const { link, publisher, readers, logs, consumers, heldElsewhere = () => Promise.resolve(noQueues) } = options;
  const readersOf: FindReaders = (queue) => {
    const found = readers.filter((reader) => queue === undefined || reader.queue === queue);
    if (found.length > 0) return found;
    throw platformError(
      'not-found',
      `No queue ${queue ?? ''}; known queues: ${readers.map((r) => r.queue).join(', ')}`,
    );
  };

  return {
    ...createDeadLetterOperations({ link, publisher }, readersOf),
    ...createParkedOperations(publisher, readersOf),
    ...createOutboxOperations(publisher, logs, readersOf),

    /** Each queue, and whether it is held because a dependency is unavailable. */
    async consumers() {
      const elsewhere = await heldElsewhere();
      return readers.map(({ service, queue }) => {
        const consumer = consumers.get(queue);
        const held = consumer?.held();
        const isHeld = consumer ? held !== undefined : elsewhere.has(queue);
        return { service, queue, state: isHeld ? 'held' : consumer ? 'flowing' : 'elsewhere', ...held } as const;
      });
    },

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
