import { expect, test } from '@jest/globals';
import { serviceNames } from '../../workers/roles';
import { planService, Refused } from './plan';

const on = ['order.confirmed'];

test.each([
  ...['public', 'none', 'template0', 'template1', 'postgres'],
  ...['dist', 'index', 'node_modules', 'pg_loyalty', 'coverage'],
  ...['orders', 'bridge', 'relay', 'gateway', 'products', 'ops', 'healthz'],
])('%s is not a name for a service', (name) => {
  expect(() => planService(name, on)).toThrow(Refused);
});

test.each(serviceNames.flatMap((name) => [name.replace(/s$/, ''), `${name.replace(/s$/, '')}s`]))(
  '%s would share the queues of a service that is there, and is refused',
  (name) => {
    expect(() => planService(name, on)).toThrow(Refused);
  },
);

test('a free name is taken', () => {
  expect(planService('loyalty', on)).toMatchObject({ name: 'loyalty', stream: 'order', key: 'orderId' });
});
