import { expect, test } from '@jest/globals';
import { services } from '../../workers/modules/discover';
import { planService, Refused } from './plan';

const on = ['order.confirmed'];

test.each([
  ...['public', 'none', 'template0', 'template1', 'postgres'],
  ...['dist', 'index', 'node_modules', 'pg_loyalty', 'coverage'],
  ...['orders', 'bridge', 'relay', 'gateway', 'products', 'ops', 'healthz'],
])('%s is not a name for a service', (name) => {
  expect(() => planService(name, on)).toThrow(Refused);
});

const consumers = services.flatMap(({ consumer, formerConsumers = [] }) => [consumer, ...formerConsumers]);
test.each([...services.map(({ name }) => name), ...consumers.map((consumer) => consumer.replace(/-service$/, ''))])(
  '%s would share the queues of a service that is there, and is refused',
  (name) => {
    expect(() => planService(name, on)).toThrow(Refused);
  },
);

test('a name that is not taken is accepted', () => {
  expect(planService('wholesale', on)).toMatchObject({ name: 'wholesale', stream: 'order', key: 'orderId' });
});
