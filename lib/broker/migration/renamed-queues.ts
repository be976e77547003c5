import type { TopologyMigration } from './migrate-topology';
import { brokerUserOf } from '../connection/connection';
import { moveMessages, unbindAll } from './migrate-queue';
import { withConnection } from '../connection/single-connection';

export interface RenamedOptions extends Omit<TopologyMigration, 'consumers'> {
  /**
   * Called for a queue that has to stay for now, for instance because a process of the previous release consumes it.
   */
  onLeft: (queue: string, error: unknown) => void;
}

/**
 * Moves the messages of renamed queues to their new queues, which must be declared, and deletes the old ones. Several
 * processes may do it at once, and it can be repeated after an interruption: a message may then be duplicated, but none
 * is lost.
 * @throws `unavailable` when the broker or its management API does not answer.
 */
export async function moveRenamed(options: RenamedOptions): Promise<void> {
  const { amqpUrl, management, desired, renamed, log, onLeft } = options;
  const live = new Set((await management.read()).queues.map(({ name }) => name));
  // Without a successor, a queue would only lose its bindings.
  const found = [...renamed].filter(([from, to]) => live.has(from) && live.has(to));
  if (found.length === 0) return;
  const user = brokerUserOf(amqpUrl);
  await withConnection(amqpUrl, async (connection) => {
    for (const [from, to] of found) {
      // The successor receives everything already; a remaining consumer only works off what is left.
      await unbindAll({ connection, management }, from);
      await moveMessages({ connection, user, management, desired, log }, from, to).catch((error: unknown) =>
        onLeft(from, error),
      );
    }
  });
}
