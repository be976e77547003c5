import { expect, test } from '@jest/globals';
import { readConfig } from '../../lib/config/load';
import { configFor } from '../../workers/config/required-config';
import { assign } from '../../workers/modules/roles';
import { deployedRoles, roleOf, settingNames } from './roles';

test('every service, the API of all, the bridge and the sagas are deployed', () => {
  const names = deployedRoles().map(({ name }) => name);
  for (const name of ['api', 'orders', 'notifications', 'bridge', 'saga']) expect(names).toContain(name);
});

test.each([...deployedRoles(), roleOf('all')])('$name gets every secret without which it does not start', (role) => {
  const { problems } = readConfig(configFor(assign([role.name])), { TEMPORAL_ADDRESS: 'temporal:7233' });
  const missing = problems.flatMap((problem) => /^(\w+): is not set/.exec(problem)?.[1] ?? []);
  expect(missing).toContain('RABBITMQ_URL');
  expect(role.secrets).toEqual(expect.arrayContaining(missing));
});

test('a service reads its own databases and logins, and nobody else’s', () => {
  const { secrets } = roleOf('payments');
  expect(secrets).toEqual(
    expect.arrayContaining([
      'PAYMENTS_DATABASE_URL',
      'GATEWAY_DATABASE_URL',
      'PAYMENTS_RABBITMQ_LOGIN',
      'ORDER_DETAILS_KEYS',
    ]),
  );
  for (const foreign of ['ORDERS_DATABASE_URL', 'ORDERS_RABBITMQ_LOGIN', 'SMTP_URL', 'CARRIER_WEBHOOK_SECRET'])
    expect(secrets).not.toContain(foreign);
});

test('no process is given the credentials of a database’s owner or of the administrator', () => {
  for (const { secrets } of [...deployedRoles(), roleOf('all')]) {
    expect(secrets.filter((name) => name.includes('OWNER'))).toEqual([]);
    expect(secrets).not.toContain('DATABASE_URL');
  }
});

test('only what takes part in sagas connects to Temporal, and only what sends e-mails to the mail server', () => {
  const connecting = (system: string) =>
    deployedRoles()
      .filter(({ connectsTo }) => connectsTo.some((one) => one === system))
      .map(({ name }) => name);
  expect(connecting('smtp')).toEqual(['notifications']);
  expect(connecting('temporal')).toEqual(expect.arrayContaining(['orders', 'bridge', 'saga']));
  expect(connecting('temporal')).not.toContain('analytics');
});

test('settings are the variables that are no secrets', () => {
  expect(settingNames()).toEqual(expect.arrayContaining(['LOG_LEVEL', 'NOTIFICATIONS_FROM', 'TEMPORAL_ADDRESS']));
  for (const secret of ['RABBITMQ_URL', 'ORDERS_DATABASE_URL', 'SMTP_URL', 'TOKEN_SIGNING_KEYS'])
    expect(settingNames()).not.toContain(secret);
});
