import { connect, type ChannelModel } from 'amqplib';
import { retryWithBackoff } from '../../async/backoff';
import { platformError } from '../../errors/errors';
import type { Logger } from '../../telemetry/logger';

export interface ConnectorOptions {
  /** Of a cluster all addresses: each attempt goes to the next. */
  url: string | readonly string[];
  /** Shown in the management UI. */
  name: string;
  logger: Logger;
  /** The first wait between two attempts; doubled each time, up to `maxBackoffMs`. */
  backoffMs?: number;
  maxBackoffMs?: number;
}

/**
 * Connects, with as many attempts as are allowed; undefined when `signal` was aborted first.
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
        // After an outage the processes must not come back all at once.
        backoff: { firstMs: backoffMs, maxMs: maxBackoffMs, jitter: 0.5 },
        attempts,
        signal,
        onRetry: ({ error, attempt: number, waitMs }) =>
          logger.warn(
            { link: name, attempt: number, waitMs: Math.round(waitMs), reason: reasonOf(error) },
            'broker does not answer',
          ),
      });
    } catch (error) {
      if (signal.aborted) return undefined;
      throw tooOften(address, attempts, error);
    }
  };
}

/** The server's default of a minute would leave a dead line unnoticed for two. */
function withHeartbeat(url: string): string {
  const asked = new URL(url);
  if (!asked.searchParams.has('heartbeat')) asked.searchParams.set('heartbeat', '15');
  return asked.href;
}

function tooOften(url: string, attempts: number, error: unknown): Error {
  const { host } = new URL(url); // Without user and password.
  const tried = `RabbitMQ does not answer at ${host}: tried ${attempts} times, the last time ${reasonOf(error)}.`;
  return platformError('unavailable', `${tried} Start it, or set RABBITMQ_URL to where it runs.`);
}

const reasonOf = (error: unknown): string =>
  error instanceof AggregateError
    ? error.errors.map(reasonOf).join(', ')
    : error instanceof Error
      ? error.message
      : String(error);
