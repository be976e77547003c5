import {
  deadLetterExchange,
  deadLetterQueue,
  defaultRetryDelaysMs,
  delayExchange,
  type QueueDeclaration,
} from '../../lib/broker/topology/topology';
import { services } from '../modules/discover';
import { participants } from '../modules/participants';
import { revocationsQueue } from './revocations';
import { queuesOf } from './topology';

/** The permissions of a user on a virtual host, as patterns of names. */
export interface BrokerPermissions {
  configure: string;
  write: string;
  read: string;
}

/**
 * The least privileges of a service, or of the bridge: it publishes to its own exchange, consumes its own queues, and sends
 * failures to the delays and to the dead letters, from which it removes the data of erased persons. It declares nothing;
 * the administrator does.
 * @param delaysMs `RETRY_DELAYS_MS` of the processes
 */
export function permissionsOf(client: string, delaysMs = defaultRetryDelaysMs): BrokerPermissions {
  const queues = queuesOf(client);
  const own = participants.flatMap(({ name, exchange }) => (name === client && exchange ? [exchange.name] : []));
  const forFailures = queues.length === 0 ? [] : delaysMs.map(delayExchange);
  const deadLetters = queues.map(({ exchange }) => deadLetterExchange(exchange));
  // Each service may have an API in a process of its own; the bridge has none.
  const revocations = services.some(({ name }) => name === client) ? [revocationsQueue] : [];
  const erasable = queues.filter(receivesErasures).map(({ queue }) => deadLetterQueue(queue));
  return {
    configure: only([]),
    write: only([...own, ...forFailures, ...deadLetters]),
    // Former names too, so that processes of the release before keep working during a deploy.
    read: only([...queues.flatMap(({ queue, formerly = [] }) => [queue, ...formerly]), ...erasable, ...revocations]),
  };
}

const receivesErasures = ({ exchange }: QueueDeclaration): boolean =>
  participants.some((one) => one.exchange?.name === exchange && one.exchange.events.some(({ erases }) => erases));

/** The permissions of all broker users, by name. */
export const brokerPermissions = (delaysMs?: readonly number[]): Record<string, BrokerPermissions> =>
  Object.fromEntries(participants.map(({ name }) => [name, permissionsOf(name, delaysMs)]));

const only = (names: readonly string[]): string => `^(${names.map((name) => name.replaceAll('.', '\\.')).join('|')})$`;
