import type { Client } from 'pg';
import { markConnectFailure } from '../errors/connect-failure';
import { isError } from '../errors/is-error';

/**
 * A client whose connection failures are recognised by `classify`, whether they come from PostgreSQL, TLS or the
 * network.
 */
export const notingConnectFailures = (Base: typeof Client): typeof Client =>
  class extends Base {
    /** With a callback, as the pool does, or without one. */
    override connect(...args: readonly unknown[]): never {
      const connect = super.connect.bind(this) as (...passed: readonly unknown[]) => unknown;
      const note = (error: unknown): void => {
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
