import { Client, Connection } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { NativeConnection } from '@temporalio/worker';
import { retryWithBackoff } from '../async/backoff';
import { platformError } from '../errors/errors';
import type { Condition } from '../lifecycle/readiness';
import type { Logger } from '../telemetry/logger';
import { dataConverterOf, type PayloadMode } from './codec';
import { sendContext } from './interceptors';
import type { PayloadKey } from './payload-keys';
import { installRuntime } from './runtime';

/** A connection to one namespace of a Temporal server; gRPC reconnects by itself after an outage. */
export interface TemporalConnection {
  readonly namespace: string;
  /** How payloads are encoded and decoded; the workers of this connection use it as well. */
  readonly dataConverter: DataConverter;
  /** Starts and looks up workflows, with the caller's context. */
  readonly client: Client;
  /** The connection shared by all workers of this process; opened on first use. */
  readonly forWorkers: () => Promise<NativeConnection>;
  /** Stop the workers first. */
  readonly close: () => Promise<void>;
}

export interface TemporalOptions {
  /** `host:port` */
  address: string;
  namespace?: string;
  logger: Logger;
  /** Encrypts the payloads that Temporal stores; without it, they are plain text. */
  payloadKeys?: readonly PayloadKey[] | undefined;
  /** With keys: whether payloads that are not encrypted are accepted; by default they are. */
  payloads?: PayloadMode | undefined;
  /** The number of attempts at start; between them it waits 0.5 s, 1 s, 2 s, … give or take a quarter. */
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
  const dataConverter = dataConverterOf(options.payloadKeys, options.payloads);
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

/**
 * Up when Temporal answers and the namespace exists.
 * @throws Temporal's error otherwise.
 */
export async function checkTemporal({ client, namespace }: TemporalConnection): Promise<Condition> {
  const { connection } = client;
  await connection.withDeadline(Date.now() + 2_000, () => connection.workflowService.describeNamespace({ namespace }));
  return { state: 'up' };
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
        logger.warn({ address, attempt, waitMs, err: error }, 'Temporal does not answer; retrying'),
    });
  } catch {
    throw platformError(
      'unavailable',
      `Temporal does not answer at ${address}: ${attempts} attempts failed. Is it running?`,
    );
  }
}
