import { connect, type ConfirmChannel } from 'amqplib';
import { randomUUID } from 'node:crypto';
import { prepareBrokerUsers } from '../../infra/local/broker-users';
import { brokerPermissions } from '../../workers/topology/permissions';
import { brokerClients } from '../../workers/modules/roles';
import type { World } from './platform';
import { required } from '../lib-support/required';

/** Every service's own broker user on a virtual host of a test. */
export interface TestBrokerUsers {
  /** `user:password` of each. */
  logins: Record<string, string>;
  urlOf(client: string): string;
  /** Tries something as a service's user, on a connection of its own; resolves to the broker's refusal, or `allowed`. */
  refusalOf(client: string, attempt: (channel: ConfirmChannel) => unknown): Promise<string>;
}

/** Makes the users that a deployment has, with the permissions that follow from the services. */
export async function createTestBrokerUsers(amqpUrl: string): Promise<TestBrokerUsers> {
  const logins = await prepareBrokerUsers({
    managementUrl: required('RABBITMQ_MANAGEMENT_URL'),
    amqpUrl,
    permissions: brokerPermissions(),
    passwords: Object.fromEntries(brokerClients.map((name) => [name, randomUUID()])),
    // Users belong to the broker, not to the virtual host.
    prefix: `${randomUUID()}-`,
  });
  if (!logins) throw new Error('The test broker does not let its user create users');

  function urlOf(client: string): string {
    const url = new URL(amqpUrl);
    [url.username = '', url.password = ''] = logins?.[client]?.split(':') ?? [];
    return url.href;
  }

  return {
    logins,
    urlOf,
    async refusalOf(client, attempt) {
      const connection = await connect(urlOf(client), { noDelay: true });
      try {
        const channel = await connection.createConfirmChannel();
        const refused = new Promise<string>((resolve) => channel.on('error', (error: Error) => resolve(error.message)));
        const allowed = Promise.resolve(attempt(channel))
          .then(() => channel.waitForConfirms())
          .then(() => 'allowed');
        allowed.catch(() => undefined); // The channel's error says why.
        return await Promise.race([refused, allowed.catch(() => refused)]);
      } finally {
        await connection.close();
      }
    },
  };
}

/** Makes the users for a world, and gives their logins to its environment: for platforms that are started afterwards. */
export async function giveBrokerUsers({ env }: World): Promise<TestBrokerUsers> {
  const users = await createTestBrokerUsers(env['RABBITMQ_URL'] ?? '');
  for (const [name, login] of Object.entries(users.logins)) env[`${name.toUpperCase()}_RABBITMQ_LOGIN`] = login;
  return users;
}
