import { apply } from '../lib/broker/apply';
import { compare, type Difference } from '../lib/broker/difference';
import { createManagement } from '../lib/broker/management';
import { retryDelaysMs } from './config';
import { brokerConsumers, platformTopology } from './topology';

/** Where a broker is, with its administrator's name and password. */
export interface BrokerAddresses {
  amqpUrl: string;
  managementUrl: string;
}

/** As the processes of this environment would declare it. */
const desired = () => platformTopology(retryDelaysMs.parse(process.env['RETRY_DELAYS_MS']));

/** How the broker differs from what the platform needs. @throws `unavailable` when it does not answer. */
export async function planTopology({ amqpUrl, managementUrl }: BrokerAddresses): Promise<Difference[]> {
  const live = await createManagement({ url: managementUrl, amqpUrl }).read();
  return compare(desired(), live, brokerConsumers());
}

/** Makes the broker what the platform needs; see `apply`, also for what it throws. */
export const applyTopology = (
  { amqpUrl, managementUrl }: BrokerAddresses,
  log: (line: string) => void,
): Promise<Difference[]> =>
  apply({
    amqpUrl,
    management: createManagement({ url: managementUrl, amqpUrl }),
    desired: desired(),
    consumers: brokerConsumers(),
    log,
  });
