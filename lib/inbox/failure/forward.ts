import type { Publisher } from '../../broker/publishing/publisher';
import type { QueueDeclaration } from '../../broker/topology/topology';
import { classify } from '../../errors/classify';
import type { Logger } from '../../telemetry/logger';
import type { ConsumerMetrics } from '../processing/consumer-metrics';
import { destinationOf, onItsWay, withoutForeignHeaders, type IncomingMessage } from './failures';

export interface ForwardOptions {
  publisher: Publisher;
  declaration: QueueDeclaration;
  retryDelaysMs: readonly number[];
  logger: Logger;
  metrics: ConsumerMetrics;
}

/** Sends a message that failed round again after a delay, or to the dead letters; resolves once it is safe there. */
export type Forward = (message: IncomingMessage, error: unknown) => Promise<void>;

export function createForward({ publisher, declaration, retryDelaysMs, logger, metrics }: ForwardOptions): Forward {
  return async (message, error) => {
    const destination = destinationOf(message, error, retryDelaysMs);
    const send = (sent: IncomingMessage): Promise<void> =>
      publisher.publish(onItsWay(sent, declaration, destination, error, { now: new Date(), random: Math.random() }));
    await send(message).catch((refusal: unknown) => {
      if (classify(refusal).code !== 'invalid-message') throw refusal;
      return send(withoutForeignHeaders(message));
    });
    const { messageId, correlationId } = message.properties;
    const about = { queue: declaration.queue, eventId: messageId, correlationId, err: error, ...destination };
    if (destination.to === 'retry') {
      metrics.retried(classify(error).code);
      logger.warn(about, 'event failed; it comes again');
    } else {
      metrics.dead(destination.reason);
      logger.error(about, 'event is a dead letter');
    }
  };
}
