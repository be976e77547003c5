import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import pino from 'pino';
import { connectBroker } from '../lib/broker/connection/connection';
import { checkBroker } from '../lib/broker/connection/health';
import { createDeclarer } from '../lib/broker/topology/declarer';
import { createManagement } from '../lib/broker/management';
import { loadConfig } from '../lib/config/load';
import { createLifecycle } from '../lib/lifecycle/lifecycle';
import { createLogger, type Logger } from '../lib/telemetry/logger';
import { createMetrics } from '../lib/telemetry/metrics';
import { connectTemporal, type TemporalConnection } from '../lib/temporal/client';
import { checkTemporal } from '../lib/temporal/health';
import { createBrokers } from './brokers';
import type { PlatformConfig } from './config';
import { configFor, needsTemporal } from './needs';
import type { Platform } from './platform';
import { startApi } from './processes/api';
import { startOps } from './processes/ops';
import { startReconciliation } from './reconciliation/process';
import { startBridge, startSagaWorker } from './processes/saga';
import { startService } from './processes/service';
import { needsOf } from './readiness';
import { assign, serviceParts, type Role } from './roles';
import { services } from './services';
import { declareTopology } from './topology';
import { moveRenamedQueues } from './topology-changes';

/** A process that is up and ready. */
export interface RunningPlatform {
  /** Where it serves HTTP: its services' routes, health and metrics. */
  port: number;
  /** Unready, then drained, then gone. */
  stop(): Promise<void>;
  /** From now on SIGTERM and SIGINT drain the process and end it. */
  stopOnSignals(): void;
}

/**
 * Starts everything that the roles ask for, and resolves when it is ready.
 * @throws `unavailable` when RabbitMQ or Temporal do not answer within five attempts; what was started is stopped.
 */
export async function runPlatform(env: NodeJS.ProcessEnv, roles: readonly Role[]): Promise<RunningPlatform> {
  const config = loadConfig(configFor(assign(roles)), env);
  const logger = createLogger({ name: roles.join(' '), level: config.LOG_LEVEL, ...destinationOf(config) });
  const lifecycle = createLifecycle({ logger });
  try {
    const port = await start(config, roles, { logger, lifecycle });
    lifecycle.setReady();
    logger.info({ port, roles }, 'ready');
    return { port, stop: () => lifecycle.shutdown(), stopOnSignals: () => lifecycle.stopOnSignals() };
  } catch (error) {
    await lifecycle.shutdown();
    throw error;
  }
}

async function start(
  config: PlatformConfig,
  roles: readonly Role[],
  shared: Pick<Platform, 'logger' | 'lifecycle'>,
): Promise<number> {
  const { logger, lifecycle } = shared;
  const assigned = assign(roles);
  const name = `sagaworks ${roles.join(' ')}`;
  const [broker, temporal] = await Promise.all([
    connectBroker({ url: config.RABBITMQ_URL, name, logger }),
    needsTemporal(assigned) ? connectToTemporal(config, logger) : undefined,
  ]);
  const needs = needsOf(assigned);
  if (temporal) {
    lifecycle.onStop('temporal', () => temporal.close());
    lifecycle.addReadiness('temporal', needs.temporal, () => checkTemporal(temporal));
  }
  lifecycle.onStop('broker', () => broker.close());
  lifecycle.addReadiness('broker', needs.broker, () => checkBroker(broker));
  const declare = createDeclarer(broker.publishing, logger);
  const management = managementOf(config);
  await declareTopology(declare, management, config.RETRY_DELAYS_MS, logger);
  if (management) await moveRenamedQueues(config.RABBITMQ_URL, management, logger);
  const owner = `${hostname()}/${process.pid}/${randomUUID()}`;
  const platform: Platform = {
    ...shared,
    config,
    metrics: createMetrics({ ofProcess: true }),
    broker,
    brokerOf: createBrokers({ config, shared: broker, name, logger, lifecycle, need: needs.broker }),
    declare,
    consumers: new Map(),
    temporal,
    needs,
    owner,
  };

  const running = services.map((service) => ({
    service,
    parts: new Set(serviceParts.filter((part) => assigned.runs(service.name, part))),
  }));
  const [served] = await Promise.all([
    Promise.all(
      running
        .filter(({ parts }) => parts.size > 0)
        .map(async ({ service, parts }) => {
          const one = await startService(platform, service, parts);
          return parts.has('api') ? [one] : [];
        }),
    ),
    assigned.bridge && startBridge(platform),
    assigned.saga && startSagaWorker(platform),
    assigned.saga && startReconciliation(platform),
  ]);
  const api = served.flat();
  return startApi(platform, [...api.map(({ routes }) => routes), ...(await startOps(platform, api))]);
}

function connectToTemporal(config: PlatformConfig, logger: Logger): Promise<TemporalConnection> {
  const { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace, TEMPORAL_PAYLOAD_KEYS: payloadKeys } = config;
  if (address === undefined) throw new Error('TEMPORAL_ADDRESS is not set');
  return connectTemporal({ address, namespace, payloadKeys, logger });
}

/** Policies are set by HTTP, so only where its address is known. */
const managementOf = ({ RABBITMQ_URL, RABBITMQ_MANAGEMENT_URL: url }: PlatformConfig) =>
  url === undefined ? undefined : createManagement({ url, amqpUrl: RABBITMQ_URL });

/** Where log lines go: a file when one is named, otherwise standard output. */
const destinationOf = ({ LOG_FILE }: PlatformConfig) =>
  LOG_FILE === undefined ? {} : { destination: pino.destination({ dest: LOG_FILE, mkdir: true, sync: false }) };
