import { expect, test } from '@jest/globals';
import { needsOf } from './readiness';
import { assign } from '../modules/roles';

const needs = (...roles: string[]) => needsOf(assign(roles));

test('an API is ready while it can read a database of its services; the rest only degrades it', () => {
  for (const one of [needs('api'), needs('all')])
    expect(one).toMatchObject({ broker: 'optional', temporal: 'optional' });
  const orders = needs('orders', 'bridge');
  expect(['orders', 'bridge'].map((name) => orders.database(name))).toEqual(['either', 'optional']);
});

test('a process without an API needs what its parts work with', () => {
  expect(needs('relay')).toMatchObject({ broker: 'required', temporal: 'optional' });
  expect(needs('activities')).toMatchObject({ broker: 'optional', temporal: 'required' });
  expect(needs('bridge')).toMatchObject({ broker: 'required', temporal: 'required' });
  expect(needs('saga')).toMatchObject({ broker: 'optional', temporal: 'required' });
  expect(needs('consumers').database('orders')).toBe('required');
});
