import {
  deadLetterExchange,
  deadLetterQueue,
  defaultRetryDelaysMs,
  delayExchange,
  type QueueDeclaration,
} from '../../lib/broker/topology/topology';
import { participants } from '../modules/participants';
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
export function permissionsOf(client: string, delaysMs = defaultRetryDelaysMs): BrokerPermissions {
  const queues = queuesOf(client);
  const own = participants.flatMap(({ name, exchange }) => (name === client && exchange ? [exchange.name] : []));
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
  participants.some((one) => one.exchange?.name === exchange && one.exchange.events.some(({ erases }) => erases));

/** The permissions of everybody, by name. */
export const brokerPermissions = (delaysMs?: readonly number[]): Record<string, BrokerPermissions> =>
  Object.fromEntries(participants.map(({ name }) => [name, permissionsOf(name, delaysMs)]));

const only = (names: readonly string[]): string => `^(${names.map((name) => name.replaceAll('.', '\\.')).join('|')})$`;
