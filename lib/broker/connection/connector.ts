import { connect, type ChannelModel } from 'amqplib';
import { retryWithBackoff } from '../../async/backoff';
import { platformError } from '../../errors/errors';
import type { Logger } from '../../telemetry/logger';
import { brokerAddressOf, brokerReason, isRefusedLogin, type BrokerUrl } from './address';

export interface ConnectorOptions {
  url: BrokerUrl;
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
  const broker = brokerAddressOf(url);
  let next = 0;
  let address = '';

  async function attempt(): Promise<ChannelModel> {
    try {
      return await connectOnce();
    } catch (error) {
      if (isRefusedLogin(error) && (await broker.renew())) return connectOnce();
      throw error;
    }
  }

  function connectOnce(): Promise<ChannelModel> {
    const current = broker.current();
    const urls = [current.url].flat();
    address = urls[next % urls.length] ?? '';
    next += 1;
    return connect(withHeartbeat(address), {
      ...current.tls?.options,
      timeout: 5_000,
      clientProperties: { connection_name: name },
      noDelay: true,
    });
  }

  const reasonOf = (error: unknown): string => brokerReason(error, broker.current().tls);

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
      throw unavailable(address, attempts, reasonOf(error));
    }
  };
}

/** With the server's default of a minute, a dead connection would go unnoticed for two. */
function withHeartbeat(url: string): string {
  const address = new URL(url);
  if (!address.searchParams.has('heartbeat')) address.searchParams.set('heartbeat', '15');
  return address.href;
}

function unavailable(url: string, attempts: number, reason: string): Error {
  const { host } = new URL(url); // Without user and password.
  const what = `RabbitMQ does not answer at ${host}: ${attempts} attempts failed, the last with ${reason}.`;
  return platformError('unavailable', `${what} Start it, or set RABBITMQ_URL to its address.`);
}
