import type { BrokerUrl } from '../../lib/broker/connection/address';
import { migrateTopology } from '../../lib/broker/migration/migrate-topology';
import { fixed } from '../../lib/config/live';
import { compareTopologies, type Difference } from '../../lib/broker/topology/difference';
import type { Topology } from '../../lib/broker/topology/spec';
import { createManagement, type Management } from '../../lib/broker/management';
import { moveRenamed } from '../../lib/broker/migration/renamed-queues';
import type { ClientTls } from '../../lib/tls/client-tls';
import type { Logger } from '../../lib/telemetry/logger';
import { retryDelaysMs } from '../config/config';
import { requireSoundModules } from '../modules/require-sound-modules';
import { brokerConsumers, platformRenamed, platformTopology } from './topology';

/** The URLs of a broker, with the administrator's user and password. */
export interface BrokerAddresses {
  amqpUrl: string;
  managementUrl: string;
  tls?: ClientTls | undefined;
}

/** The topology that the processes of this environment declare. Exits with 78 when the modules contradict each other. */
export function desiredTopology(): Topology {
  requireSoundModules();
  return platformTopology(retryDelaysMs.parse(process.env['RETRY_DELAYS_MS']));
}

/** How the broker differs from what the platform needs. @throws `unavailable` when it does not answer. */
export async function planTopology({ amqpUrl, managementUrl, tls }: BrokerAddresses): Promise<Difference[]> {
  const live = await createManagement({ url: managementUrl, amqpUrl, tls }).read();
  return compareTopologies(desiredTopology(), live, brokerConsumers());
}

/** Makes the broker what the platform needs; see `migrateTopology`, also for what it throws. */
export const applyTopology = (
  { amqpUrl, managementUrl, tls }: BrokerAddresses,
  log: (line: string) => void,
): Promise<Difference[]> =>
  migrateTopology({
    amqpUrl: fixed({ url: amqpUrl, tls }),
    management: createManagement({ url: managementUrl, amqpUrl, tls }),
    desired: desiredTopology(),
    consumers: brokerConsumers(),
    renamed: platformRenamed(),
    log,
  });

/**
 * On start: moves the messages of queues that were renamed since the release before. What cannot be moved now is logged
 * and left for the next start, or for `sagaworks topology apply`; nothing is lost.
 */
export async function moveRenamedQueues(amqpUrl: BrokerUrl, management: Management, logger: Logger): Promise<void> {
  const log = (line: string): void => logger.info(line);
  const onLeft = (queue: string, error: unknown): void =>
    logger.warn({ queue, err: error }, 'renamed queue not moved, run "sagaworks topology apply"');
  await moveRenamed({
    amqpUrl,
    management,
    desired: desiredTopology(),
    renamed: platformRenamed(),
    log,
    onLeft,
  }).catch((error: unknown) => logger.warn({ err: error }, 'renamed queues not checked'));
}
