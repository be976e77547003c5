import { createCaller, vhostOf } from '../../lib/broker/management';
import { PlatformError } from '../../lib/errors/errors';
import type { BrokerPermissions } from '../../workers/topology/permissions';

export interface BrokerUsersOptions<Name extends string> {
  /** With the administrator's name and password. */
  managementUrl: string;
  /** Names the virtual host. */
  amqpUrl: string;
  permissions: Record<Name, BrokerPermissions>;
  passwords: Record<Name, string>;
  /** Before each name, so that users of others are not taken for ours. */
  prefix?: string;
}

/**
 * Makes one broker user for each name, which may do on the virtual host what its permissions say, and nothing
 * elsewhere. Gives back `user:password` of each. Can be repeated; passwords and permissions are set anew.
 * Returns undefined when the broker lets us make no users: then all services share the one that is named.
 */
export async function prepareBrokerUsers<Name extends string>(
  options: BrokerUsersOptions<Name>,
): Promise<Record<Name, string> | undefined> {
  const { managementUrl, amqpUrl, permissions, passwords, prefix = 'sagaworks-' } = options;
  const call = createCaller(managementUrl);
  const vhost = encodeURIComponent(vhostOf(amqpUrl));
  const logins: [string, string][] = [];
  try {
    for (const name of Object.keys(permissions) as Name[]) {
      const [user, password] = [prefix + name, passwords[name]];
      await call('PUT', `users/${user}`, { password, tags: '' });
      await call('PUT', `permissions/${vhost}/${user}`, permissions[name]);
      logins.push([name, `${user}:${password}`]);
    }
  } catch (error) {
    if (error instanceof PlatformError && error.code === 'forbidden') return undefined;
    throw error;
  }
  return Object.fromEntries(logins) as Record<Name, string>;
}
