import type { ConnectorOptions } from './connector';
import { createLink, type Link } from './link';

/** The broker as a process uses it: a slow consumer must not push back on the publisher, so each has its own link. */
export interface Broker {
  /** The user that both links are connected as. */
  user: string;
  publishing: Link;
  consuming: Link;
  close(): Promise<void>;
}

export interface BrokerOptions extends ConnectorOptions {
  /** Attempts at start; default 5. */
  attempts?: number;
}

/**
 * Connects both links. Once they were up, every loss is retried without end.
 * @throws `unavailable` when the broker does not answer within `attempts` tries.
 */
export async function connectBroker(options: BrokerOptions): Promise<Broker> {
  const publishing = await createLink({ ...options, name: `${options.name} publishing` });
  const consuming = await createLink({ ...options, name: `${options.name} consuming` }).catch(
    async (error: unknown) => {
      await publishing.close();
      throw error;
    },
  );
  return {
    user: brokerUserOf([options.url].flat()[0] ?? ''),
    publishing,
    consuming,
    close: async () => {
      await Promise.all([publishing.close(), consuming.close()]);
    },
  };
}

/** The user name in a broker's address; RabbitMQ's own default when there is none. */
export const brokerUserOf = (url: string): string => decodeURIComponent(new URL(url).username) || 'guest';
