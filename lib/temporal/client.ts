import { Client, Connection } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { NativeConnection } from '@temporalio/worker';
import { retryWithBackoff } from '../async/backoff';
import { fixed, type Live } from '../config/live';
import { platformError } from '../errors/errors';
import type { Condition } from '../lifecycle/readiness';
import type { Logger } from '../telemetry/logger';
import { connectionOptions, forwardingTo, reasonOf, type TemporalAccess } from './access';
import { dataConverterOf, type PayloadMode } from './codec';
import { sendContext } from './interceptors';
import type { EncryptionKeys } from '../encryption/keys';
import { createReplaceable } from './replaceable';
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
  /** Calls `listener` with each connection that replaces that of the workers. Returns how to unsubscribe. */
  readonly onReplaced: (listener: (connection: NativeConnection) => void) => () => void;
  /** Stop the workers first. */
  readonly close: () => Promise<void>;
}

export interface TemporalOptions {
  /** `host:port` */
  address: string;
  namespace?: string;
  logger: Logger;
  /** TLS and API key; default: neither. */
  access?: Live<TemporalAccess> | undefined;
  /** Encrypts the payloads that Temporal stores; without it, they are plain text. */
  payloadKeys?: EncryptionKeys | undefined;
  /** With keys: whether payloads that are not encrypted are accepted; by default they are. */
  payloads?: PayloadMode | undefined;
  /** The number of attempts at start; between them it waits 0.5 s, 1 s, 2 s, … give or take a quarter. */
  attempts?: number;
}

/**
 * Connects to Temporal. When the access changes, its connections are replaced; calls and tasks under way are finished
 * over the old ones.
 * @throws `unavailable` when the server did not answer after the last attempt.
 */
export async function connectTemporal(options: TemporalOptions): Promise<TemporalConnection> {
  const { address, namespace = 'default', access = fixed<TemporalAccess>({}), logger } = options;
  const forClients = await createReplaceable({
    access,
    logger,
    open: () => connectWithRetry(options, () => openForClients(address, access)),
    close: (connection) => connection.close(),
  });
  const connection = forwardingTo(() => forClients.current());
  const removeCheck = access.addCheck((candidate) => tryAccess(address, namespace, candidate));
  const listeners = new Set<(connection: NativeConnection) => void>();
  const openNative = () =>
    createReplaceable({
      access,
      logger,
      open: () => connectWithRetry(options, () => openForWorkers(address, access)),
      close: (replaced) => replaced.close(),
      onReplaced: (replacing) => listeners.forEach((listener) => listener(replacing)),
      // The key of a native connection is not read again for each call.
      onSameTls: (native) => native.setApiKey(access.current().apiKey ?? ''),
    });
  let native: ReturnType<typeof openNative> | undefined;
  const dataConverter = dataConverterOf(options.payloadKeys, options.payloads);
  return {
    namespace,
    dataConverter,
    client: new Client({ connection, namespace, dataConverter, interceptors: { workflow: [sendContext] } }),
    forWorkers: async () => {
      installRuntime(logger);
      return (await (native ??= openNative())).current();
    },
    onReplaced: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => {
      removeCheck();
      await (await native?.catch(() => undefined))?.close();
      await forClients.close();
    },
  };
}

const openForClients = (address: string, access: Live<TemporalAccess>): Promise<Connection> =>
  Connection.connect({
    ...connectionOptions(address, access.current()),
    ...(access.current().apiKey === undefined ? {} : { apiKey: () => access.current().apiKey ?? '' }),
    connectTimeout: '2 seconds',
  });

const openForWorkers = (address: string, access: Live<TemporalAccess>): Promise<NativeConnection> => {
  const { apiKey } = access.current();
  return NativeConnection.connect({
    ...connectionOptions(address, access.current()),
    ...(apiKey === undefined ? {} : { apiKey }),
  });
};

/** @throws when the server does not accept it. */
async function tryAccess(address: string, namespace: string, candidate: TemporalAccess): Promise<void> {
  try {
    const connection = await openForClients(address, fixed(candidate));
    try {
      await connection.withDeadline(Date.now() + 5_000, () =>
        connection.workflowService.describeNamespace({ namespace }),
      );
    } finally {
      await connection.close();
    }
  } catch (error) {
    throw new Error(`Temporal at ${address}: ${await reasonOf(error, address, candidate)}`, { cause: error });
  }
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
  { address, access = fixed<TemporalAccess>({}), logger, attempts = 5 }: TemporalOptions,
  connect: () => Promise<T>,
): Promise<T> {
  try {
    return await retryWithBackoff(connect, {
      backoff: { firstMs: 500, maxMs: 60_000, jitter: 0.5 },
      attempts,
      onRetry: ({ error, attempt, waitMs }) =>
        logger.warn({ address, attempt, waitMs, err: error }, 'Temporal does not answer; retrying'),
    });
  } catch (error) {
    const reason = await reasonOf(error, address, access.current());
    throw platformError(
      'unavailable',
      `Temporal does not answer at ${address}: ${attempts} attempts failed. ${reason}`,
    );
  }
}
