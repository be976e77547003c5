import { expect, test } from '@jest/globals';
import { exchanges } from '../../contracts/events';
import type { EventContract } from '../../lib/events/define';
import { unheard } from '../../lib/broker/topology/topology';
import { platformTopology } from './topology';

const { bindings } = platformTopology();
/** Whether a routing key of a binding, `order.created` or `order.#`, covers a type. */
const covers = (routingKey: string, type: string): boolean =>
  routingKey.endsWith('.#') ? type.startsWith(routingKey.slice(0, -1)) : routingKey === type;
const events = Object.values(exchanges).flatMap(({ name, events: all }) =>
  (all as readonly EventContract[]).map(({ type, isOptional }) => ({ exchange: name, type, isOptional })),
);

test.each(events)(
  '$type of $exchange has a subscriber, or is declared to need none',
  ({ exchange, type, isOptional }) => {
    const queues = bindings.filter((one) => one.exchange === exchange && covers(one.routingKey, type));
    const hearing = queues.filter(({ queue }) => queue !== unheard).map(({ queue }) => queue);
    // With a subscriber: remove "subscribers: 'optional'" from its contract. Without one: add it.
    expect({ isOptional, hearing }).toEqual({ isOptional: hearing.length === 0, hearing });
    expect(queues.some(({ queue }) => queue === unheard)).toBe(isOptional);
  },
);
