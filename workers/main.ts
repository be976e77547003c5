import pino from 'pino';
import { liveSettings } from '../lib/config/live-settings';
import { loadConfig, refuseToStart } from '../lib/config/load';
import { createReloader } from '../lib/config/reload';
import { createLifecycle } from '../lib/lifecycle/lifecycle';
import { createLogger } from '../lib/telemetry/logger';
import { startApi } from './api/api';
import { accessRoutes, decisionsDatabase, openApiKeys } from './api/access';
import { startOps } from './api/ops';
import { followRevocations } from './api/revocations';
import { startBridge } from './bridge/process';
import { createAddresses } from './config/addresses';
import { contradictionsIn } from './config/contradictions';
import type { PlatformConfig } from './config/config';
import { configFor } from './config/required-config';
import { services } from './modules/discover';
import { requireSoundModules } from './modules/require-sound-modules';
import { assign, serviceParts, type Assignment } from './modules/roles';
import { openPlatform } from './platform/open-platform';
import type { Platform } from './platform/platform';
import { startService, type ServedService } from './platform/start-service';
import { startReconciliation } from './reconciliation/process';
import { prepareSagaWorker } from './saga';

/** A running process that is ready. */
export interface RunningPlatform {
  /** Where it serves HTTP: its services' routes, health and metrics. */
  port: number;
  /** Becomes unready, drains, and stops. */
  stop(): Promise<void>;
  /** From now on SIGTERM and SIGINT drain the process and end it. */
  stopOnSignals(): void;
}

/**
 * Starts everything that the roles need, and resolves when it is ready. The process exits with 78 when the modules of the
 * services contradict each other, or the environment lacks something that the roles need.
 * @throws `unavailable` when RabbitMQ or Temporal does not answer within five attempts; everything started is stopped.
 */
export async function runPlatform(env: NodeJS.ProcessEnv, roles: readonly string[]): Promise<RunningPlatform> {
  requireSoundModules();
  const assigned = assign(roles);
  const schema = configFor(assigned);
  const config = loadConfig(schema, env);
  const contradictions = contradictionsIn(config, new Date());
  if (contradictions.length > 0) refuseToStart('The configuration is not valid', contradictions);
  const logger = createLogger({ name: roles.join(' '), level: config.LOG_LEVEL, ...destinationOf(config) });
  const lifecycle = createLifecycle({ logger });
  const reloader = createReloader({ logger, everyMs: config.RELOAD_EVERY_MS });
  lifecycle.onStop('reload of settings', () => reloader.stop());
  const live = liveSettings(schema, { env, config, reloader });
  const addresses = createAddresses(config, { live, reloader });
  try {
    const port = await start(await openPlatform(config, roles, { logger, lifecycle, live, addresses }), assigned);
    lifecycle.setReady();
    logger.info({ port, roles }, 'ready');
    return { port, stop: () => lifecycle.shutdown(), stopOnSignals: () => lifecycle.stopOnSignals() };
  } catch (error) {
    await lifecycle.shutdown();
    throw error;
  }
}

/**
 * Starts the parts concurrently, then HTTP. The saga worker comes after the services, so that it is stopped before them.
 * The reconciliation may have to wait for it: a schedule answers when the workflow that it started last is served.
 * @returns the port of HTTP.
 */
async function start(platform: Platform, assigned: Assignment): Promise<number> {
  const services = startServices(platform, assigned);
  const [served] = await Promise.all([
    services,
    assigned.bridge && startBridge(platform),
    assigned.saga && startSagas(platform, services),
    assigned.saga && startReconciliation(platform),
  ]);
  reportUnprotected(platform);
  const revocations = served.length > 0 ? await followRevocations(platform) : undefined;
  const routes = [
    ...served.map((service) => service.routes),
    ...accessRoutes(served),
    ...(await startOps(platform, served)),
  ];
  return startApi(platform, routes, {
    apiKeys: openApiKeys(platform, served),
    decisions: decisionsDatabase(served),
    revocations,
  });
}

/** The saga worker calls steps of services, so it is created beside them, and started after them. */
async function startSagas(platform: Platform, services: Promise<unknown>): Promise<void> {
  const [start] = await Promise.all([prepareSagaWorker(platform), services]);
  start();
}

function reportUnprotected({ unprotected, logger }: Platform): void {
  if (unprotected.size === 0) return;
  const databases = [...unprotected].sort();
  logger.warn({ databases }, 'logs not protected: the process could change them (docs/how-to/protect-the-log.md)');
}

/** Starts the services of which the process runs a part. @returns those that it serves over HTTP. */
async function startServices(platform: Platform, assigned: Assignment): Promise<ServedService[]> {
  const started = services.map(async (module) => {
    const parts = new Set(serviceParts.filter((part) => assigned.runs(module.name, part)));
    if (parts.size === 0) return [];
    const service = await startService(platform, module, parts);
    return parts.has('api') ? [service] : [];
  });
  return (await Promise.all(started)).flat();
}

/** Where log lines go: a file when one is named, otherwise standard output. */
const destinationOf = ({ LOG_FILE }: PlatformConfig) =>
  LOG_FILE === undefined ? {} : { destination: pino.destination({ dest: LOG_FILE, mkdir: true, sync: false }) };
