import { isNativeError } from 'node:util/types';
import { ZodError } from 'zod';
import { UnknownEventVersion } from '../../contracts/events/define';
import { PlatformError } from './errors';
import { errorTable, type ErrorCode, type ErrorMeaning } from './table';

/** Of sockets (Node's codes) and of PostgreSQL: connection lost or refused (08), too many (53300), shutting down (57P). */
const outage = /^(ECONN(REFUSED|RESET|ABORTED)|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN|08...|53300|57P0.)$/;
/** What `pg` says of a lost connection or an exhausted pool, without a code. */
const lostConnection =
  /^(Connection terminated|timeout exceeded when trying to connect|Client (has encountered|was closed).* not queryable)/;

/** What any thrown thing means: its code and its row of `errorTable`. What nobody foresaw is `internal`. */
export function classify(error: unknown): { code: ErrorCode } & ErrorMeaning {
  const code = codeOf(error);
  return { code, ...errorTable[code] };
}

function codeOf(error: unknown): ErrorCode {
  if (error instanceof PlatformError) return error.code;
  if (error instanceof ZodError) return 'invalid-message';
  if (error instanceof UnknownEventVersion) return 'unknown-event-version';
  // Not `instanceof Error`: inside Jest, Node's own errors are of another realm.
  return isNativeError(error) && isOutage(error) ? 'unavailable' : 'internal';
}

const isOutage = (error: Error): boolean =>
  ('code' in error && outage.test(String(error.code))) || lostConnection.test(error.message);
