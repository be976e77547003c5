import { brokerUserOf, connectBroker, checkBroker, type Broker } from '../../lib/broker/connection/connection';
import type { Logger } from '../../lib/telemetry/logger';
import type { SubscriptionDeclaration } from '../../lib/inbox/subscription/subscription';
import type { Lifecycle } from '../../lib/lifecycle/lifecycle';
import type { Need } from '../../lib/lifecycle/readiness';
import { variableOf, type PlatformConfig } from '../config/config';
import { brokerClients } from '../modules/roles';

/** The broker as a service, or the bridge, may use it. */
export type BrokerOf = (client: string) => Promise<Broker>;

export interface BrokersOptions {
  config: PlatformConfig;
  /** Connected as the user of RABBITMQ_URL. */
  shared: Broker;
  /** Shown in the management UI. */
  name: string;
  logger: Logger;
  lifecycle: Lifecycle;
  /** Whether the process is ready without them. */
  need: Need;
}

/** Whoever has a user of his own gets connections of his own, once, closed with the process; others share. */
export function createBrokers({ config, shared, name, logger, lifecycle, need }: BrokersOptions): BrokerOf {
  const brokers = new Map<string, Promise<Broker>>();

  async function connect(client: string): Promise<Broker> {
    const login = config[variableOf(client, 'RABBITMQ_LOGIN')];
    if (login === undefined) return shared;
    const url = withLogin(config.RABBITMQ_URL, login);
    const broker = await connectBroker({ url, name: `${name}, ${client}`, logger });
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

/** Who may have put a message into a subscription's dead letters: its consumer, its producer, or an operator. */
export const letterWriters = (
  config: PlatformConfig,
  consumer: string,
  { exchange: { producer } }: Pick<SubscriptionDeclaration, 'exchange'>,
): string[] => [
  userOf(config),
  userOf(config, consumer),
  ...brokerClients.filter((name) => name === producer).map((name) => userOf(config, name)),
];

function withLogin(amqpUrl: string, login: string): string {
  const url = new URL(amqpUrl);
  const end = login.indexOf(':');
  url.username = encodeURIComponent(login.slice(0, end));
  url.password = encodeURIComponent(login.slice(end + 1));
  return url.href;
}
