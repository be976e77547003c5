import { platformError } from '../errors/errors';
import type { ClientTls } from '../tls/client-tls';
import { brokerReason, firstUrlOf, type BrokerUrl } from './connection/address';
import { sendRequest } from './management-request';
import type { Arguments, PolicySpec, Topology } from './topology/spec';
import { policyPrefix } from './topology/topology';

/** RabbitMQ's management HTTP API for one virtual host: what AMQP cannot do. */
export interface Management {
  /** The topology of the virtual host now; of the policies, only ours. */
  read(): Promise<Topology>;
  setPolicy: (policy: PolicySpec) => Promise<void>;
  removePolicy: (name: string) => Promise<void>;
}

export interface ManagementOptions {
  /** Includes user and password. */
  url: string;
  /** Its path names the virtual host. */
  amqpUrl: BrokerUrl;
  /** For an address that begins with `https:`. */
  tls?: ClientTls | undefined;
}

interface LiveQueue {
  name: string;
  arguments: Arguments;
}
interface LiveExchange extends LiveQueue {
  type: Topology['exchanges'][number]['type'];
}
interface LiveBinding {
  source: string;
  destination: string;
  destination_type: 'queue' | 'exchange';
  routing_key: string;
}
interface LivePolicy {
  name: string;
  pattern: string;
  definition: Arguments;
}

/** Every call throws `unavailable` when the API does not answer, `forbidden` when it refuses this user. */
export function createManagement({ url, amqpUrl, tls }: ManagementOptions): Management {
  const call = createCaller(url, tls);
  const vhost = encodeURIComponent(vhostOf(firstUrlOf(amqpUrl)));
  const list = (kind: string) => call('GET', `${kind}/${vhost}`);
  return {
    async read() {
      const [exchanges, queues, bindings, policies] = (await Promise.all(
        ['exchanges', 'queues', 'bindings', 'policies'].map(list),
      )) as [LiveExchange[], LiveQueue[], LiveBinding[], LivePolicy[]];
      return {
        exchanges: exchanges
          .filter(({ name }) => name !== '' && !name.startsWith('amq.'))
          .map(({ name, type, arguments: args }) => ({ name, type, arguments: args })),
        queues: queues.map(({ name, arguments: args }) => ({ name, arguments: args })),
        bindings: bindings
          .filter(({ source, destination_type }) => source !== '' && destination_type === 'queue')
          .map(({ source, destination, routing_key }) => ({
            exchange: source,
            queue: destination,
            routingKey: routing_key,
          })),
        policies: policies
          .filter(({ name }) => name.startsWith(policyPrefix))
          .map(({ name, pattern, definition }) => ({ name, queue: queueOf(pattern), definition })),
      };
    },
    async setPolicy({ name, queue, definition }) {
      const body = { pattern: patternOf(queue), definition, 'apply-to': 'queues', priority: 0 };
      await call('PUT', `policies/${vhost}/${encodeURIComponent(name)}`, body);
    },
    async removePolicy(name) {
      await call('DELETE', `policies/${vhost}/${encodeURIComponent(name)}`);
    },
  };
}

/** The virtual host of an AMQP address. */
export const vhostOf = (amqpUrl: string): string => decodeURIComponent(new URL(amqpUrl).pathname.slice(1)) || '/';

/** Each of our policies applies to one queue, by its full name. */
export const patternOf = (queue: string): string => `^${queue.replaceAll('.', '\\.')}$`;
const queueOf = (pattern: string): string => pattern.replace(/^\^|\$$/g, '').replaceAll('\\.', '.');

/** Creates a function that calls the API at this address (including user and password); the path follows `/api/`. */
export function createCaller(url: string, tls?: ClientTls) {
  const { origin, host, pathname, username, password } = new URL(url);
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const headers = {
    authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
    'content-type': 'application/json',
  };
  const base = `${origin}${pathname.replace(/\/$/, '')}/api/`;
  return async (method: 'GET' | 'PUT' | 'DELETE', path: string, body?: object): Promise<unknown> => {
    const request = { method, headers, ...(body && { body: JSON.stringify(body) }) };
    const answer = await sendRequest(base + path, request, tls).catch((error: unknown) => {
      const { cause = error } = error as Error;
      const reason = brokerReason(cause, tls);
      throw platformError('unavailable', `RabbitMQ's management API does not answer at ${host}: ${reason}`);
    });
    if (answer.status >= 200 && answer.status < 300)
      return answer.text === '' ? undefined : (JSON.parse(answer.text) as unknown);
    const isRefused = answer.status === 401 || answer.status === 403;
    throw platformError(
      isRefused ? 'forbidden' : 'unavailable',
      `RabbitMQ's management API answered ${answer.status} to ${method} ${path}`,
    );
  };
}
