import type { Publisher } from '../../broker/publishing/publisher';
import type { QueueDeclaration } from '../../broker/topology/topology';
import { classify } from '../../errors/classify';
import type { Logger } from '../../telemetry/logger';
import type { IncomingMessage } from '../message';
import type { ConsumerMetrics } from '../processing/consumer-metrics';
import { stripForeignHeaders, toFailedMessage } from './failed-message';
import { destinationOf } from './retry-policy';

export interface ForwardOptions {
  publisher: Publisher;
  declaration: QueueDeclaration;
  retryDelaysMs: readonly number[];
  logger: Logger;
  metrics: ConsumerMetrics;
}

/** Sends a failed message to a delay queue or to the dead letters; resolves when the broker has confirmed it. */
export type Forward = (message: IncomingMessage, error: unknown) => Promise<void>;

export function createForward({ publisher, declaration, retryDelaysMs, logger, metrics }: ForwardOptions): Forward {
  return async (message, error) => {
    const destination = destinationOf(message, error, retryDelaysMs);
    const send = (sent: IncomingMessage): Promise<void> => {
      const at = { now: new Date(), random: Math.random() };
      return publisher.publish(toFailedMessage(sent, declaration, destination, error, at));
    };
    await send(message).catch((refusal: unknown) => {
      if (classify(refusal).code !== 'invalid-message') throw refusal;
      return send(stripForeignHeaders(message));
    });
    const { messageId, correlationId } = message.properties;
    const about = { queue: declaration.queue, eventId: messageId, correlationId, err: error, ...destination };
    if (destination.to === 'retry') {
      metrics.retried(classify(error).code);
      logger.warn(about, 'event failed; it will be retried');
    } else {
      metrics.dead(destination.reason);
      logger.error(about, 'event dead-lettered');
    }
  };
}
