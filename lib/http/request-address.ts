import { getConnInfo } from '@hono/node-server/conninfo';
import { clientAddress } from './client-address';
import type { AppContext } from './env';

/** The address of the client of a request; `unknown` where there is no connection, in tests that call the app directly. */
export function addressOf(c: AppContext): string {
  // `env` is undefined without a server, whatever its type says.
  const remote = (c.env as object | undefined) === undefined ? undefined : getConnInfo(c).remote.address;
  if (remote === undefined) return 'unknown';
  return clientAddress(remote, c.req.header('x-forwarded-for'), c.get('trustedProxies'));
}
