import { apply } from '../lib/broker/apply';
import { compare, type Difference } from '../lib/broker/difference';
import { createManagement } from '../lib/broker/management';
import { brokerConsumers, platformTopology } from './topology';

/** Where a broker is, with its administrator's name and password. */
export interface BrokerAddresses {
  amqpUrl: string;
  managementUrl: string;
}

/** How the broker differs from what the platform needs. @throws `unavailable` when it does not answer. */
export async function planTopology({ amqpUrl, managementUrl }: BrokerAddresses): Promise<Difference[]> {
  const live = await createManagement({ url: managementUrl, amqpUrl }).read();
  return compare(platformTopology(), live, brokerConsumers());
}

/** Makes the broker what the platform needs; see `apply`, also for what it throws. */
export const applyTopology = (
  { amqpUrl, managementUrl }: BrokerAddresses,
  log: (line: string) => void,
): Promise<Difference[]> =>
  apply({
    amqpUrl,
    management: createManagement({ url: managementUrl, amqpUrl }),
    desired: platformTopology(),
    consumers: brokerConsumers(),
    log,
  });
