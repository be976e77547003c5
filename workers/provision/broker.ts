import { randomBytes } from 'node:crypto';
import { createCaller, patternOf, vhostOf } from '../../lib/broker/management';
import { brokerPasswordHash } from '../../lib/broker/password-hash';
import type { Difference } from '../../lib/broker/topology/difference';
import type { Topology } from '../../lib/broker/topology/spec';
import type { ClientTls } from '../../lib/tls/client-tls';
import { applyTopology } from '../topology/changes';
import type { BrokerPermissions } from '../topology/permissions';

/** A user of the broker, with what the broker stores of its password. */
export interface WantedUser {
  name: string;
  passwordHash: string;
  tags: string;
  permissions: BrokerPermissions;
}

/** What a virtual host needs before processes connect to it. */
export interface WantedBroker {
  /** The address that the processes use; its path names the virtual host. */
  amqpUrl: string;
  /** The management API, with the user and password of an administrator. */
  adminUrl: string;
  tls?: ClientTls | undefined;
  users: readonly WantedUser[];
}

const everything: BrokerPermissions = { configure: '.*', write: '.*', read: '.*' };

/**
 * The users of the broker: one for each login of a service, with the permissions that follow from its module, and that of
 * `RABBITMQ_URL`, which declares the topology and sets its policies. The administrator itself keeps its password.
 * @param logins `user:password` by service
 */
export function wantedUsers(
  { amqpUrl, adminUrl }: Pick<WantedBroker, 'amqpUrl' | 'adminUrl'>,
  logins: Readonly<Record<string, string>>,
  permissions: Readonly<Record<string, BrokerPermissions>>,
): WantedUser[] {
  const platform = loginOf(amqpUrl);
  const isAdmin = platform.name === loginOf(adminUrl).name;
  const services = Object.entries(logins).flatMap(([service, login]) => {
    const [name = '', ...password] = login.split(':');
    const allowed = permissions[service];
    return allowed ? [{ ...hashed({ name, password: password.join(':') }), tags: '', permissions: allowed }] : [];
  });
  return isAdmin ? services : [{ ...hashed(platform), tags: 'policymaker', permissions: everything }, ...services];
}

function loginOf(url: string): { name: string; password: string } {
  const { username, password } = new URL(url);
  return { name: decodeURIComponent(username), password: decodeURIComponent(password) };
}

const hashed = ({ name, password }: { name: string; password: string }) => ({
  name,
  passwordHash: brokerPasswordHash(password, randomBytes(4)),
});

/**
 * Makes the virtual host, its users and their permissions, then its exchanges, queues, bindings and limits. Can be
 * repeated. @returns the differences that are left, as `applyTopology` does.
 * @throws `forbidden` when the login of the address is no administrator's, `unavailable` without a broker
 */
export async function provisionBroker(
  { amqpUrl, adminUrl, tls, users }: WantedBroker,
  log: (line: string) => void,
): Promise<Difference[]> {
  const call = createCaller(adminUrl, tls);
  const vhost = encodeURIComponent(vhostOf(amqpUrl));
  await call('PUT', `vhosts/${vhost}`, {});
  // Whoever makes a virtual host may not use it yet.
  await call('PUT', `permissions/${vhost}/${encodeURIComponent(loginOf(adminUrl).name)}`, everything);
  for (const { name, passwordHash, tags, permissions } of users) {
    const user = encodeURIComponent(name);
    await call('PUT', `users/${user}`, { password_hash: passwordHash, hashing_algorithm: hashing, tags });
    await call('PUT', `permissions/${vhost}/${user}`, permissions);
  }
  return applyTopology({ amqpUrl, managementUrl: adminUrl, tls }, log);
}

const hashing = 'rabbit_password_hashing_sha256';

/** The same, as `rabbitmqctl import_definitions` reads it. */
export function brokerDefinitions(
  { amqpUrl, users }: Pick<WantedBroker, 'amqpUrl' | 'users'>,
  { exchanges, queues, bindings, policies }: Topology,
): object {
  const vhost = vhostOf(amqpUrl);
  const kept = { vhost, durable: true, auto_delete: false };
  return {
    vhosts: [{ name: vhost }],
    users: users.map(({ name, passwordHash, tags }) => ({
      name,
      password_hash: passwordHash,
      hashing_algorithm: hashing,
      tags,
    })),
    permissions: users.map(({ name, permissions }) => ({ user: name, vhost, ...permissions })),
    exchanges: exchanges.map((exchange) => ({ ...exchange, ...kept, internal: false })),
    queues: queues.map((queue) => ({ ...queue, ...kept })),
    bindings: bindings.map(({ exchange, queue, routingKey }) => ({
      source: exchange,
      vhost,
      destination: queue,
      destination_type: 'queue',
      routing_key: routingKey,
      arguments: {},
    })),
    policies: policies.map(({ name, queue, definition }) => ({
      vhost,
      name,
      pattern: patternOf(queue),
      'apply-to': 'queues',
      definition,
      priority: 0,
    })),
  };
}
