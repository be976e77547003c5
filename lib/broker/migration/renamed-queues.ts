import type { ApplyOptions } from '../topology/apply';
import { brokerUserOf } from '../connection/connection';
import { moveOver, unbindAll } from './migrate-queue';
import { withConnection } from '../connection/single-connection';

export interface RenamedOptions extends Omit<ApplyOptions, 'consumers'> {
  /** Told of a queue that has to stay for now, and why: a process of the release before consumes it, for instance. */
  onLeft: (queue: string, error: unknown) => void;
}

/**
 * Moves what waits in queues that have a new name to the queue of that name, which must be declared, and deletes them.
 * It can be done by several processes at once, and again after it was ended in the middle: then a message may be there
 * twice, and none is lost.
 * @throws `unavailable` when the broker or its management does not answer.
 */
export async function moveRenamed(options: RenamedOptions): Promise<void> {
  const { amqpUrl, management, desired, renamed, log, onLeft } = options;
  const live = new Set((await management.read()).queues.map(({ name }) => name));
  // Without its successor a queue would only lose its bindings.
  const found = [...renamed].filter(([from, to]) => live.has(from) && live.has(to));
  if (found.length === 0) return;
  const user = brokerUserOf(amqpUrl);
  await withConnection(amqpUrl, async (connection) => {
    for (const [from, to] of found) {
      // Its successor gets everything already; whoever still consumes it works off what it has.
      await unbindAll({ connection, management }, from);
      await moveOver({ connection, user, management, desired, log }, from, to).catch((error: unknown) =>
        onLeft(from, error),
      );
    }
  });
}
