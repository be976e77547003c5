import {
  deadLetterExchange,
  deadLetterQueue,
  defaultRetryDelaysMs,
  delayExchange,
  type QueueDeclaration,
} from '../lib/broker/topology/topology';
import { brokerClients, type BrokerClient } from './roles';
import { services } from './services';
import { queuesOf } from './topology';

/** What a user may do on a virtual host, as RabbitMQ has it: patterns of names. */
export interface BrokerPermissions {
  configure: string;
  write: string;
  read: string;
}

/**
 * The least that a service, or the bridge, can live with: it publishes to its own exchange, takes from its own queues,
 * and sends what fails to the delays and to the dead letters, out of which it takes what is of erased persons. It
 * declares nothing: that is the administrator's.
 * @param delaysMs `RETRY_DELAYS_MS` of the processes
 */
export function permissionsOf(client: BrokerClient, delaysMs = defaultRetryDelaysMs): BrokerPermissions {
  const queues = queuesOf(client);
  const own = services.flatMap(({ name, exchange }) => (name === client && exchange ? [exchange.name] : []));
  const forFailures = queues.length === 0 ? [] : delaysMs.map(delayExchange);
  const deadLetters = queues.map(({ exchange }) => deadLetterExchange(exchange));
  const erasable = queues.filter(hearsErasures).map(({ queue }) => deadLetterQueue(queue));
  return {
    configure: only([]),
    write: only([...own, ...forFailures, ...deadLetters]),
    // Its former names too, so that the processes of the release before go on during a deploy.
    read: only([...queues.flatMap(({ queue, formerly = [] }) => [queue, ...formerly]), ...erasable]),
  };
}

const hearsErasures = ({ exchange }: QueueDeclaration): boolean =>
  services.some(
    (service) => service.exchange?.name === exchange && service.exchange.events.some(({ erases }) => erases),
  );

/** The permissions of everybody, by name. */
export const brokerPermissions = (delaysMs?: readonly number[]): Record<BrokerClient, BrokerPermissions> =>
  Object.fromEntries(brokerClients.map((client) => [client, permissionsOf(client, delaysMs)])) as Record<
    BrokerClient,
    BrokerPermissions
  >;

const only = (names: readonly string[]): string => `^(${names.map((name) => name.replaceAll('.', '\\.')).join('|')})$`;
