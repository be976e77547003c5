import type { Publisher } from '../../broker/publishing/publisher';
import { platformError } from '../../errors/errors';
import { audited } from '../audit';
import { outboxStatus, pauseOutbox, replay, type Replayed } from './outbox';
import type { FindReaders, Log } from '../readers';
import { replayStream, type StreamReplay } from './replay-stream';
import type { ReplayFrom } from './replay-store';
import { createUnpublishedOperations } from './unpublished-operations';

/** Showing, pausing, resuming and replaying the logs and their relays. */
export function createOutboxOperations(publisher: Publisher, logs: readonly Log[], readersOf: FindReaders) {
  const logOf = (service: string): Log => {
    const found = logs.find((log) => log.service === service);
    if (found) return found;
    throw platformError(
      'not-found',
      `${service} has no event log; services with one: ${logs.map((log) => log.service).join(', ')}`,
    );
  };

  return {
    ...createUnpublishedOperations(logs, logOf),

    outbox: () => Promise.all(logs.map(async (log) => ({ log, status: await outboxStatus(log) }))),

    async pause(service: string, paused: boolean): Promise<void> {
      const log = logOf(service);
      const action = paused ? 'outbox pause' : 'outbox resume';
      await audited(log.db, action, log.exchange, { service }, () => pauseOutbox(log, paused));
    },

    async replay(service: string, from: ReplayFrom, queue?: string): Promise<Replayed> {
      const log = logOf(service);
      if (queue !== undefined) readersOf(queue);
      const run = () => replay(publisher, log, from, { queue });
      return audited(log.db, 'outbox replay', queue ?? log.exchange, { service, ...from, queue }, run);
    },

    async replayStream(service: string, stream: string, { version, queue }: StreamReplay): Promise<Replayed> {
      const log = logOf(service);
      if (queue !== undefined) readersOf(queue);
      const run = () => replayStream(publisher, log, stream, { version, queue });
      const request = { service, stream, version, queue };
      return audited(log.db, 'outbox replay', queue ?? log.exchange, request, run);
    },
  };
}
