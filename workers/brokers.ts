import { connectBroker, type Broker } from '../lib/broker/connection';
import { checkBroker } from '../lib/broker/health';
import type { Logger } from '../lib/telemetry/logger';
import type { Lifecycle } from '../lib/lifecycle/lifecycle';
import type { Need } from '../lib/lifecycle/readiness';
import { variableOf, type PlatformConfig } from './config';
import type { BrokerClient } from './roles';

/** The broker as a service, or the bridge, may use it. */
export type BrokerOf = (client: BrokerClient) => Promise<Broker>;

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
  const brokers = new Map<BrokerClient, Promise<Broker>>();

  async function connect(client: BrokerClient): Promise<Broker> {
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

function withLogin(amqpUrl: string, login: string): string {
  const url = new URL(amqpUrl);
  const end = login.indexOf(':');
  url.username = encodeURIComponent(login.slice(0, end));
  url.password = encodeURIComponent(login.slice(end + 1));
  return url.href;
}
