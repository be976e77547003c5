import { randomUUID } from 'node:crypto';
import { required } from './required';

/** A virtual host of its own on the test broker, isolated from what other tests declare or publish. */
export interface TestVhost {
  /** For `connectBroker`. */
  url: string;
  name: string;
  /** Calls the management API, for what AMQP cannot do; the path follows `/api/`. */
  api(path: string, method?: string, body?: unknown): Promise<unknown>;
  drop(): Promise<void>;
}

/** Creates a virtual host; drop it in `afterAll`. */
export async function createTestVhost(): Promise<TestVhost> {
  const name = `test-${randomUUID()}`;
  const management = new URL(required('RABBITMQ_MANAGEMENT_URL'));
  const authorization = `Basic ${Buffer.from(`${management.username}:${management.password}`).toString('base64')}`;
  const api = async (path: string, method = 'GET', body?: unknown): Promise<unknown> => {
    const response = await fetch(`${management.protocol}//${management.host}/api/${path}`, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`RabbitMQ management: ${method} ${path} answered ${response.status}: ${text}`);
    return text ? JSON.parse(text) : undefined;
  };
  await api(`vhosts/${name}`, 'PUT', {});
  await api(`permissions/${name}/${management.username}`, 'PUT', { configure: '.*', write: '.*', read: '.*' });
  const url = new URL(required('RABBITMQ_URL'));
  url.pathname = `/${name}`;
  return { url: url.href, name, api, drop: () => api(`vhosts/${name}`, 'DELETE').then(() => undefined) };
}
