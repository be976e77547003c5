import { exchanges } from '../../contracts/events';
import type { EventContract } from '../../lib/events/define';
import { databaseNames, roles } from '../../workers/modules/roles';
import { services } from '../../workers/modules/discover';

/** A new service as it was asked for, and what follows from that. */
export interface Plan {
  name: string;
  /** The producer's name in `exchanges`. */
  exchange: keyof typeof exchanges;
  types: readonly [string, ...string[]];
  /** What the events are about. */
  stream: string;
  /** The field of all these events that says about which one. */
  key: string;
  /** Whether the events of the producer that are about something else have it as well. */
  isEverywhere: boolean;
  /** A value for it. */
  exampleKey: string;
}

/** The request makes no sense; the message says why, and what would. */
export class Refused extends Error {}

const name = /^[a-z][a-z0-9]{1,29}$/;
/**
 * Names that something else has: a role of `sagaworks run`, a database, a path of the HTTP interface, a role or a
 * database of PostgreSQL's own, a file or a folder that tools do not look at.
 */
const taken: readonly string[] = [
  ...roles,
  ...databaseNames,
  ...['products', 'ops', 'webhooks', 'docs', 'openapi', 'asyncapi', 'health', 'healthz', 'readyz', 'metrics', 'guest'],
  ...['postgres', 'public', 'none', 'template0', 'template1', 'user', 'default', 'temporal', 'rabbitmq'],
  ...['index', 'dist', 'coverage', 'node', 'sagaworks'],
];

/** @throws Refused for a bad name, a taken one, an unknown event, or events of several services. */
export function planService(wanted: string, on: readonly string[]): Plan {
  if (!name.test(wanted)) {
    throw new Refused(`"${wanted}" is no name for a service: take 2 to 30 small letters and digits, a letter first`);
  }
  if (taken.includes(wanted)) throw new Refused(`"${wanted}" is taken: choose another name`);
  const namesake = services.find(({ consumer, formerConsumers = [] }) =>
    [consumer, ...formerConsumers].includes(`${wanted}-service`),
  );
  if (namesake) throw new Refused(`"${wanted}" would take the messages of ${namesake.name}: choose another name`);
  const [first, ...more] = on;
  if (first === undefined) throw new Refused('Say what it listens to: --on order.confirmed');
  const exchange = exchangeOf(first);
  const other = more.find((type) => exchangeOf(type) !== exchange);
  if (other)
    throw new Refused(`${first} and ${other} are of different services: begin with one, and add a second projection`);
  const { stream, ...subject } = subjectOf(exchange, first);
  return {
    name: wanted,
    exchange,
    types: [first, ...new Set(more.filter((type) => type !== first))],
    stream,
    ...subject,
  };
}

function exchangeOf(type: string): Plan['exchange'] {
  const found = Object.entries(exchanges).find(([, { events }]) => events.some((event) => event.type === type));
  if (found) return found[0] as Plan['exchange'];
  const known = Object.values(exchanges).flatMap(({ events }) => events.map((event) => event.type));
  throw new Refused(`There is no event "${type}". There are: ${known.join(', ')}`);
}

/** What events are about is the first field that all events of their stream have. */
function subjectOf(
  exchange: Plan['exchange'],
  type: string,
): Pick<Plan, 'stream' | 'key' | 'isEverywhere' | 'exampleKey'> {
  const contracts: readonly EventContract[] = exchanges[exchange].events;
  const contract = contracts.find((event) => event.type === type);
  const example = (contract?.example ?? {}) as Record<string, unknown>;
  const has = (field: string) => (event: EventContract) => field in (event.example as object);
  const ofStream = contracts.filter(({ stream }) => stream === contract?.stream);
  const key = Object.keys(example).find((field) => ofStream.every(has(field)));
  if (!contract || key === undefined) throw new Refused(`The events of ${exchange} have no field in common`);
  const isEverywhere = contracts.every(has(key));
  return { stream: contract.stream, key, isEverywhere, exampleKey: String(example[key]) };
}
