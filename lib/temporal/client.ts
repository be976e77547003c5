import { Client, Connection } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { NativeConnection } from '@temporalio/worker';
import { retryWithBackoff } from '../async/backoff';
import { platformError } from '../errors/errors';
import type { Logger } from '../telemetry/logger';
import { sendContext } from './client-interceptor';
import { dataConverterOf } from './codec';
import type { PayloadKey } from './payload-keys';
import { installRuntime } from './runtime';

/** A way to one namespace of a Temporal server; gRPC comes back by itself after an outage. */
export interface TemporalConnection {
  readonly namespace: string;
  /** How payloads are written and read; the workers of this connection do it alike. */
  readonly dataConverter: DataConverter;
  /** Starts and looks up workflows, sending the caller's context along. */
  readonly client: Client;
  /** The connection that all workers of this process share; opened when first asked for. */
  readonly forWorkers: () => Promise<NativeConnection>;
  /** Stop the workers first. */
  readonly close: () => Promise<void>;
}

interface TemporalOptions {
  /** `host:port` */
  address: string;
  namespace?: string;
  logger: Logger;
  /** Encrypts what Temporal keeps; without it, it is plain. */
  payloadKeys?: readonly PayloadKey[] | undefined;
  /** How often to try at start; between the attempts it waits 0.5 s, 1 s, 2 s, … give or take a quarter. */
  attempts?: number;
}

/**
 * Connects to Temporal.
 * @throws `unavailable` when the server did not answer after the last attempt.
 */
export async function connectTemporal(options: TemporalOptions): Promise<TemporalConnection> {
  const { address, namespace = 'default' } = options;
  const connection = await connectWithRetry(options, () =>
    Connection.connect({ address, connectTimeout: '2 seconds' }),
  );
  const dataConverter = dataConverterOf(options.payloadKeys);
  let native: Promise<NativeConnection> | undefined;
  return {
    namespace,
    dataConverter,
    client: new Client({ connection, namespace, dataConverter, interceptors: { workflow: [sendContext] } }),
    forWorkers: () => {
      installRuntime(options.logger);
      return (native ??= connectWithRetry(options, () => NativeConnection.connect({ address })));
    },
    close: async () => {
      await (await native?.catch(() => undefined))?.close();
      await connection.close();
    },
  };
}

async function connectWithRetry<T>(
  { address, logger, attempts = 5 }: TemporalOptions,
  connect: () => Promise<T>,
): Promise<T> {
  try {
    return await retryWithBackoff(connect, {
      backoff: { firstMs: 500, maxMs: 60_000, jitter: 0.5 },
      attempts,
      onRetry: ({ error, attempt, waitMs }) =>
        logger.warn({ address, attempt, waitMs, err: error }, 'Temporal does not answer yet'),
    });
  } catch {
    throw platformError(
      'unavailable',
      `Temporal does not answer at ${address}, tried ${attempts} times; is it running?`,
    );
  }
}
