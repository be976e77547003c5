import { brokerUserOf, connectBroker, checkBroker, type Broker } from '../../lib/broker/connection/connection';
import type { Logger } from '../../lib/telemetry/logger';
import type { SubscriptionDeclaration } from '../../lib/inbox/subscription/subscription';
import type { Lifecycle } from '../../lib/lifecycle/lifecycle';
import type { Need } from '../../lib/lifecycle/readiness';
import type { Addresses } from '../config/addresses';
import { variableOf, type PlatformConfig } from '../config/config';
import { brokerClients } from '../modules/roles';

/** The broker, connected as a service or the bridge. */
export type BrokerOf = (client: string) => Promise<Broker>;

export interface BrokersOptions {
  config: PlatformConfig;
  addresses: Pick<Addresses, 'broker'>;
  /** Connected as the user of RABBITMQ_URL. */
  shared: Broker;
  /** Shown in the management UI. */
  name: string;
  logger: Logger;
  lifecycle: Lifecycle;
  /** Whether the process is ready without these connections. */
  need: Need;
}

/** Clients with a broker user get connections of their own, opened once and closed with the process; others share one. */
export function createBrokers({ config, addresses, shared, name, logger, lifecycle, need }: BrokersOptions): BrokerOf {
  const brokers = new Map<string, Promise<Broker>>();

  async function connect(client: string): Promise<Broker> {
    if (config[variableOf(client, 'RABBITMQ_LOGIN')] === undefined) return shared;
    const broker = await connectBroker({ url: addresses.broker(client), name: `${name}, ${client}`, logger });
    lifecycle.onStop(`${client} broker`, () => broker.close());
    lifecycle.addReadiness(`${client} broker`, need, () => checkBroker(broker));
    return broker;
  }

  return (client) => {
    const broker = brokers.get(client) ?? connect(client);
    brokers.set(client, broker);
    return broker;
  };
}

/** The broker user of a service, or of the bridge; without a client, of the platform itself. */
function userOf(config: PlatformConfig, client?: string): string {
  const login = client && config[variableOf(client, 'RABBITMQ_LOGIN')];
  return login?.split(':')[0] ?? brokerUserOf(config.RABBITMQ_URL);
}

/** The users that may write the dead letters of a subscription: its consumer's, its producer's, and the operators'. */
export const deadLetterWriters = (
  config: PlatformConfig,
  consumer: string,
  { exchange: { producer } }: Pick<SubscriptionDeclaration, 'exchange'>,
): string[] => [
  userOf(config),
  userOf(config, consumer),
  ...brokerClients.filter((name) => name === producer).map((name) => userOf(config, name)),
];
