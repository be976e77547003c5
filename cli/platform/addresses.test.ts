import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthority, writeFiles } from '../../tests/lib-support/certificates';
import { keepAddresses } from '../../infra/local/stack-file';
import { apiUrl, brokerAddresses, databaseAddress, operatorToken } from './addresses';
import { temporalAddress } from './temporal';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sagaworks-addresses-'));
  keepAddresses(directory, {
    apiUrl: 'http://local',
    rabbitmqUrl: 'amqp://local',
    rabbitmqManagementUrl: 'http://local:15672',
    temporalAddress: 'local:7233',
    temporalNamespace: 'here',
    temporalUiUrl: 'http://local:8233',
    databases: { orders: 'postgres://local' },
  });
  writeFileSync(join(directory, 'tokens.json'), '{"operator":"local-token"}');
});
afterEach(() => rmSync(directory, { recursive: true }));

const broker = { RABBITMQ_URL: 'amqp://there', RABBITMQ_MANAGEMENT_URL: 'http://there' };

test('addresses are those of the local stack', () => {
  expect(apiUrl({}, directory)).toBe('http://local');
  expect(operatorToken({}, directory)).toBe('local-token');
  expect(brokerAddresses({}, directory)).toEqual({ amqpUrl: 'amqp://local', managementUrl: 'http://local:15672' });
  expect(databaseAddress('orders', {}, directory)).toBe('postgres://local');
  expect(temporalAddress({}, directory)).toEqual({
    address: 'local:7233',
    namespace: 'here',
    webUiUrl: 'http://local:8233',
  });
});

test('the environment comes first, and an empty variable is none', () => {
  expect(apiUrl({ SAGAWORKS_URL: 'http://there' }, directory)).toBe('http://there');
  expect(apiUrl({ SAGAWORKS_URL: '' }, directory)).toBe('http://local');
  expect(operatorToken({ SAGAWORKS_TOKEN: 'theirs' }, directory)).toBe('theirs');
  expect(brokerAddresses(broker, directory)).toEqual({ amqpUrl: 'amqp://there', managementUrl: 'http://there' });
  expect(databaseAddress('orders', { ORDERS_DATABASE_URL: 'postgres://there' }, directory)).toBe('postgres://there');
  // The namespace of the local stack is not that of another Temporal.
  expect(temporalAddress({ TEMPORAL_ADDRESS: 'there:7233' }, directory)).toMatchObject({
    address: 'there:7233',
    namespace: 'default',
  });
});

test('secrets are read from files as well, and connections use the certificates of the settings', () => {
  const authority = createAuthority('an authority');
  const files = writeFiles(directory, { url: 'amqps://there\n', ca: authority.cert });
  const tls = { options: { ca: authority.cert } };
  const env = {
    RABBITMQ_URL_FILE: files.url,
    RABBITMQ_MANAGEMENT_URL: 'https://there',
    RABBITMQ_TLS_CA_FILE: files.ca,
    POSTGRES_TLS_CA_FILE: files.ca,
  };
  const found = { amqpUrl: 'amqps://there', managementUrl: 'https://there', tls };
  expect(brokerAddresses(env, directory)).toMatchObject(found);
  const address = databaseAddress('orders', env, directory);
  expect(typeof address === 'object' && address.current()).toMatchObject({ url: 'postgres://local', tls });
  const { access } = temporalAddress({ TEMPORAL_ADDRESS: 'there:7233', TEMPORAL_API_KEY: 'a key' }, directory);
  expect(access?.current()).toMatchObject({ apiKey: 'a key', tls: { options: {} } });
  expect(() => databaseAddress('orders', { POSTGRES_TLS_CA_FILE: files.url }, directory)).toThrow(
    'no certificate in PEM',
  );
});

test('half of the broker from the environment and half from the local stack is refused', () => {
  expect(() => brokerAddresses({ RABBITMQ_URL: 'amqp://there' }, directory)).toThrow('or neither');
});

test('where neither is, the message says what to set', () => {
  const none = join(directory, 'none');
  expect(() => apiUrl({}, none)).toThrow('set SAGAWORKS_URL, or run "npm start"');
  expect(() => operatorToken({}, none)).toThrow('set SAGAWORKS_TOKEN');
  expect(() => brokerAddresses({}, none)).toThrow('set RABBITMQ_URL and RABBITMQ_MANAGEMENT_URL');
  expect(() => databaseAddress('orders', {}, none)).toThrow('set ORDERS_DATABASE_URL');
  expect(() => temporalAddress({}, none)).toThrow('set TEMPORAL_ADDRESS');
});

test('a damaged file is named, and not quoted: it holds secrets', () => {
  writeFileSync(join(directory, 'stack.json'), 'secret');
  expect(() => apiUrl({}, directory)).toThrow(/stack\.json is not JSON: run "npm start" here again$/);
});
