import type { Envelope } from '../events/envelope';
import type { Subscription } from '../inbox/subscription/subscription';
import type { Projection, RecordedFact } from './projection';
import { foldIntoTable } from './rows';

/**
 * The subscription that updates the live table of a projection from the broker: two statements for a batch of events.
 */
export function subscriptionFor(projection: Projection): Subscription {
  const { name, version, exchange, streams } = projection;
  const contracts = new Map(exchange.events.map((contract) => [contract.type, contract]));
  const parse: Subscription['parse'] = ({ type, dataVersion, compatibleVersion, data }) =>
    contracts.get(type)?.parse(dataVersion, data, compatibleVersion);
  const factOf = (event: Envelope): RecordedFact => ({ ...event, data: parse(event) });
  const isKnown = ({ type }: Envelope): boolean => contracts.has(type);
  return {
    name: subscriptionOf(name, version),
    kind: 'ordered',
    exchange,
    bindings: streams.map((stream) => `${stream}.#`),
    parse,
    handlerOf: (type) =>
      contracts.has(type) ? (data, db, event) => foldIntoTable(db, projection, [{ ...event, data }]) : undefined,
    handleAll: (events, db) => foldIntoTable(db, projection, events.filter(isKnown).map(factOf)),
  };
}

/** The name under which the inbox keeps the versions of a projection. */
const subscriptionOf = (projection: string, version: number): string =>
  `${projection.replaceAll('-', '_')}_v${version}`;
