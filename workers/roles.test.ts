import { expect, test } from '@jest/globals';
import { assign } from './roles';
import { services } from './services';

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

test('no service hears under a name that another one has, or begins with', () => {
  const names = services.flatMap(({ consumer, formerConsumers = [] }) => [consumer, ...formerConsumers]);
  for (const [index, name] of names.entries()) {
    const others = names.filter((_, other) => other !== index);
    expect(others.filter((other) => `${other}-`.startsWith(`${name}-`))).toEqual([]);
  }
});
