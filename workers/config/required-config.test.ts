import { expect, test } from '@jest/globals';
import { newTokenKey } from '../../lib/http/identity/token-keys';
import { configFor } from './required-config';
import { assign } from '../modules/roles';

const everywhere = { RABBITMQ_URL: 'amqp://127.0.0.1', TOKEN_SIGNING_KEYS: JSON.stringify(newTokenKey()) };

/** The variables that a process of these roles misses. */
function missing(role: string, env: Record<string, string> = {}): string[] {
  const { error } = configFor(assign([role])).safeParse({ ...everywhere, ...env });
  return (error?.issues ?? []).map(({ path }) => path.join('.')).sort();
}

test('a service that only listens needs its own database, and no Temporal', () => {
  expect(missing('notifications')).toEqual(['NOTIFICATIONS_DATABASE_URL']);
  expect(missing('notifications', { NOTIFICATIONS_DATABASE_URL: 'postgres://127.0.0.1/notifications' })).toEqual([]);
});

test('a service that takes part in sagas needs Temporal, and the simulated gateway a database', () => {
  expect(missing('inventory')).toEqual(['INVENTORY_DATABASE_URL', 'TEMPORAL_ADDRESS']);
  const its = ['GATEWAY_DATABASE_URL', 'ORDER_DETAILS_KEYS', 'PAYMENTS_DATABASE_URL', 'TEMPORAL_ADDRESS'];
  expect(missing('payments')).toEqual(its);
});

test('the bridge and the saga worker need Temporal, and no database of a service', () => {
  expect(missing('bridge')).toEqual(['BRIDGE_DATABASE_URL', 'TEMPORAL_ADDRESS']);
  expect(missing('saga')).toEqual(['TEMPORAL_ADDRESS']);
});

test('payloads can be refused for not being encrypted only where there is a key', () => {
  const env = { TEMPORAL_ADDRESS: '127.0.0.1:7233', TEMPORAL_PAYLOADS: 'strict' };
  expect(missing('saga', env)).toEqual(['TEMPORAL_PAYLOADS']);
  const TEMPORAL_PAYLOAD_KEYS = `2026:${Buffer.alloc(32).toString('base64')}`;
  expect(missing('saga', { ...env, TEMPORAL_PAYLOAD_KEYS })).toEqual([]);
});

test('every problem is named at once, the wrong values as well', () => {
  expect(missing('users', { PORT: 'eighty' })).toEqual(['PORT', 'TEMPORAL_ADDRESS', 'USERS_DATABASE_URL']);
});
