import type { Client, ClientConfig } from 'pg';
import type { Live } from '../config/live';
import { markConnectFailure } from '../errors/connect-failure';
import { isError } from '../errors/is-error';
import { connectionTo, explainRefusal, type DatabaseAddress } from './address';

/**
 * A client that connects to the address in use when it is made. Its connection failures are recognised by `classify`,
 * whether they come from PostgreSQL, TLS, a file or the network.
 */
export const connectingTo = (address: Live<DatabaseAddress>, Base: typeof Client): typeof Client =>
  class extends Base {
    readonly #address: DatabaseAddress;
    /** Why it cannot even try. Not thrown at once: the pool makes clients where nobody would catch it. */
    readonly #obstacle: Error | undefined;

    constructor(config?: string | ClientConfig) {
      const current = address.current();
      const { connection, obstacle } = prepare(current);
      super({ ...(typeof config === 'string' ? {} : config), ...connection });
      this.#address = current;
      this.#obstacle = obstacle;
    }

    #connect(): (...passed: readonly unknown[]) => unknown {
      return super.connect.bind(this);
    }

    /** With a callback, as the pool does, or without one. */
    override connect(...args: readonly unknown[]): never {
      const connect = this.#obstacle === undefined ? this.#connect() : refusing(this.#obstacle);
      const note = (error: unknown): void => {
        explainRefusal(error, this.#address);
        if (isError(error)) markConnectFailure(error);
      };
      const [connected] = args;
      if (typeof connected !== 'function') {
        const connecting = connect() as Promise<unknown>;
        connecting.catch(note); // Only noted here; the caller handles it.
        return connecting as never;
      }
      return connect((error: unknown, ...more: unknown[]) => {
        note(error);
        (connected as (...passed: unknown[]) => void)(error, ...more);
      }) as never;
    }
  };

function prepare(address: DatabaseAddress): { connection: ClientConfig; obstacle?: Error } {
  try {
    return { connection: connectionTo(address) };
  } catch (error) {
    if (!isError(error)) throw error;
    return { connection: {}, obstacle: error };
  }
}

/** A `connect` that fails, with a callback or a promise. */
const refusing =
  (obstacle: Error) =>
  (callback?: unknown): unknown => {
    const failed = Promise.reject(obstacle);
    if (typeof callback !== 'function') return failed;
    failed.catch((error: unknown) => (callback as (reason: unknown) => void)(error));
    return undefined;
  };
