import { expect, test } from '@jest/globals';
import { assign, databaseNames, roles } from './roles';

test('a service’s name runs all its parts and nothing of the others', () => {
  const orders = assign(['orders']);
  expect(orders.runs('orders', 'relay')).toBe(true);
  expect(orders.runs('users', 'relay')).toBe(false);
  expect(orders.saga).toBe(false);
});

test('a part’s name runs that part of every service', () => {
  const relays = assign(['relay', 'saga']);
  expect(relays.runs('users', 'relay')).toBe(true);
  expect(relays.runs('users', 'api')).toBe(false);
  expect(relays).toMatchObject({ saga: true, bridge: false });
});

test('all runs everything', () => {
  expect(assign(['all']).runs('shipping', 'activities')).toBe(true);
  expect(assign(['all'])).toMatchObject({ saga: true, bridge: true });
});

test('roles and databases follow from the modules, the further databases of a service too', () => {
  for (const name of ['all', 'orders', 'payments', 'relay', 'bridge', 'saga']) expect(roles).toContain(name);
  for (const name of ['orders', 'payments', 'gateway', 'bridge']) expect(databaseNames).toContain(name);
  expect(roles).not.toContain('gateway');
});
