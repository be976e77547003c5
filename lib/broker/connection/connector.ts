import { connect, type ChannelModel } from 'amqplib';
import { retryWithBackoff } from '../../async/backoff';
import { platformError } from '../../errors/errors';
import type { Logger } from '../../telemetry/logger';

export interface ConnectorOptions {
  /** For a cluster, all addresses: each attempt uses the next one. */
  url: string | readonly string[];
  /** Shown in the management UI. */
  name: string;
  logger: Logger;
  /** The first wait between two attempts; it doubles each time, up to `maxBackoffMs`. */
  backoffMs?: number;
  maxBackoffMs?: number;
}

/**
 * Connects, in at most this number of attempts; undefined when `signal` was aborted first.
 * @throws `unavailable` after the last attempt
 */
export type Connector = (attempts: number) => Promise<ChannelModel | undefined>;

export function createConnector(options: ConnectorOptions, signal: AbortSignal): Connector {
  const { url, name, logger, backoffMs = 500, maxBackoffMs = 10_000 } = options;
  const urls = [url].flat();
  let next = 0;
  let address = '';

  function attempt(): Promise<ChannelModel> {
    address = urls[next % urls.length] ?? '';
    next += 1;
    return connect(withHeartbeat(address), {
      timeout: 5_000,
      clientProperties: { connection_name: name },
      noDelay: true,
    });
  }

  return async (attempts) => {
    try {
      return await retryWithBackoff(attempt, {
        // After an outage, processes must not all reconnect at the same moment.
        backoff: { firstMs: backoffMs, maxMs: maxBackoffMs, jitter: 0.5 },
        attempts,
        signal,
        onRetry: ({ error, attempt: number, waitMs }) =>
          logger.warn(
            { link: name, attempt: number, waitMs: Math.round(waitMs), reason: reasonOf(error) },
            'broker does not answer; retrying',
          ),
      });
    } catch (error) {
      if (signal.aborted) return undefined;
      throw unavailable(address, attempts, error);
    }
  };
}

/** With the server's default of a minute, a dead connection would go unnoticed for two. */
function withHeartbeat(url: string): string {
  const address = new URL(url);
  if (!address.searchParams.has('heartbeat')) address.searchParams.set('heartbeat', '15');
  return address.href;
}

function unavailable(url: string, attempts: number, error: unknown): Error {
  const { host } = new URL(url); // Without user and password.
  const what = `RabbitMQ does not answer at ${host}: ${attempts} attempts failed, the last with ${reasonOf(error)}.`;
  return platformError('unavailable', `${what} Start it, or set RABBITMQ_URL to its address.`);
}

const reasonOf = (error: unknown): string =>
  error instanceof AggregateError
    ? error.errors.map(reasonOf).join(', ')
    : error instanceof Error
      ? error.message
      : String(error);
