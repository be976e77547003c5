import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { activities } from '../../activities';
import { connectBroker, checkBroker } from '../../lib/broker/connection/connection';
import { createManagement } from '../../lib/broker/management';
import { createDeclare } from '../../lib/broker/topology/declare';
import { createMetrics } from '../../lib/telemetry/metrics';
import { connectTemporal, checkTemporal, type TemporalConnection } from '../../lib/temporal/client';
import type { Live } from '../../lib/config/live';
import type { EncryptionKey } from '../../lib/encryption/keys';
import type { Addresses } from '../config/addresses';
import type { PlatformConfig } from '../config/config';
import { needsTemporal } from '../config/required-config';
import { assign } from '../modules/roles';
import { moveRenamedQueues } from '../topology/changes';
import { declareTopology } from '../topology/topology';
import { buildOf, reportBuild } from './build';
import { createBrokers } from './brokers';
import type { Platform } from './platform';
import { needsOf } from './readiness';

/**
 * Connects a process with these roles to RabbitMQ and Temporal, and declares the topology; all is closed with the process.
 * @throws `unavailable` when one of the two does not answer within five attempts.
 */
export async function openPlatform(
  config: PlatformConfig,
  roles: readonly string[],
  shared: Pick<Platform, 'logger' | 'lifecycle' | 'live' | 'addresses'>,
): Promise<Platform> {
  const { logger, lifecycle, addresses } = shared;
  const assigned = assign(roles);
  const name = `sagaworks ${roles.join(' ')}`;
  const [broker, temporal] = await Promise.all([
    connectBroker({ url: addresses.broker(), name, logger }),
    needsTemporal(assigned) ? connectToTemporal(config, shared) : undefined,
  ]);
  const needs = needsOf(assigned);
  if (temporal) {
    lifecycle.onStop('temporal', () => temporal.close());
    lifecycle.addReadiness('temporal', needs.temporal, () => checkTemporal(temporal));
  }
  lifecycle.onStop('broker', () => broker.close());
  lifecycle.addReadiness('broker', needs.broker, () => checkBroker(broker));
  const declare = createDeclare(broker.publishing, logger);
  const management = managementOf(config, addresses);
  await declareTopology(declare, management, config.RETRY_DELAYS_MS, logger);
  if (management) await moveRenamedQueues(addresses.broker(), management, logger);
  const metrics = createMetrics({ ofProcess: true });
  reportBuild(metrics, buildOf(process.env));
  return {
    ...shared,
    config,
    metrics,
    broker,
    brokerOf: createBrokers({ config, addresses, shared: broker, name, logger, lifecycle, need: needs.broker }),
    declare,
    consumers: new Map(),
    steps: new Map(),
    ownersAreHere: assigned.saga && activities.every(({ service }) => assigned.runs(service, 'activities')),
    pools: [],
    unprotected: new Set(),
    temporal,
    needs,
    owner: `${hostname()}/${process.pid}/${randomUUID()}`,
  };
}

function connectToTemporal(
  { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace, TEMPORAL_PAYLOADS: payloads }: PlatformConfig,
  { logger, addresses, live }: Pick<Platform, 'logger' | 'addresses' | 'live'>,
): Promise<TemporalConnection> {
  if (address === undefined) throw new Error('TEMPORAL_ADDRESS is not set');
  const keys = live('TEMPORAL_PAYLOAD_KEYS');
  // Whether payloads are encrypted at all is decided at start.
  const payloadKeys = keys.current() === undefined ? undefined : (keys as Live<EncryptionKey[]>);
  return connectTemporal({ address, namespace, access: addresses.temporal(), payloadKeys, payloads, logger });
}

/** Policies are set over HTTP, so only where its address is configured. */
const managementOf = ({ RABBITMQ_MANAGEMENT_URL: url }: PlatformConfig, addresses: Addresses) =>
  url === undefined ? undefined : createManagement({ url, amqpUrl: addresses.broker(), tls: addresses.brokerTls() });
