import type { Condition } from '../../lifecycle/readiness';
import { fixed } from '../../config/live';
import { brokerAddressOf, firstUrlOf, type BrokerAddress, type BrokerUrl } from './address';
import type { ConnectorOptions } from './connector';
import { createLink, type Link } from './link';
import { withConnection } from './single-connection';

/**
 * A process's connection to the broker. Publishing and consuming have a link each: a slow consumer must not push back
 * on the publisher.
 */
export interface Broker {
  /** The user of both links. */
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
 * Connects both links. After that, a lost connection is retried without end, with the login that is then in use.
 * @throws `unavailable` when the broker does not answer within `attempts` attempts.
 */
export async function connectBroker(options: BrokerOptions): Promise<Broker> {
  const user = brokerUserOf(options.url);
  const removeCheck = brokerAddressOf(options.url).addCheck((candidate) => tryLogin(candidate, user));
  const publishing = await createLink({ ...options, name: `${options.name} publishing` });
  const consuming = await createLink({ ...options, name: `${options.name} consuming` }).catch(
    async (error: unknown) => {
      await publishing.close();
      throw error;
    },
  );
  return {
    user,
    publishing,
    consuming,
    close: async () => {
      removeCheck();
      await Promise.all([publishing.close(), consuming.close()]);
    },
  };
}

/** @throws when the broker refuses it, or when it is another user: messages name the user that published them. */
async function tryLogin(candidate: BrokerAddress, user: string): Promise<void> {
  const other = brokerUserOf(candidate.url);
  if (other !== user)
    throw new Error(`The user changes from ${user} to ${other}, which takes effect at a restart only`);
  await withConnection(fixed(candidate), () => Promise.resolve());
}

/** The user name in a broker's address; RabbitMQ's default when there is none. */
export const brokerUserOf = (url: BrokerUrl): string =>
  decodeURIComponent(new URL(firstUrlOf(url)).username) || 'guest';

/** Up when both connections are; limited while the broker accepts no messages, though it still delivers. */
export function checkBroker({ publishing, consuming }: Pick<Broker, 'publishing' | 'consuming'>): Condition {
  if (!publishing.isUp() || !consuming.isUp()) return { state: 'down', reason: 'not connected' };
  const isBlocked = [publishing, consuming].some((link) => link.blocked() !== undefined);
  return isBlocked ? { state: 'limited', reason: 'blocked' } : { state: 'up' };
}
