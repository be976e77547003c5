import { isNativeError } from 'node:util/types';
import { ZodError } from 'zod';
import { UnknownEventVersion } from '../../contracts/events/define';
import { endsSession } from '../db/session-errors';
import { PlatformError } from './errors';
import { errorTable, type ErrorCode, type ErrorMeaning } from './table';

/** A server that cannot be reached: sockets (Node's codes), and PostgreSQL with too many connections (53300). */
const outage = /^(ECONNREFUSED|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN|53300)$/;
/** What `pg` says of an exhausted pool, without a code. */
const exhaustedPool = /^timeout exceeded when trying to connect/;

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
  endsSession(error) || ('code' in error && outage.test(String(error.code))) || exhaustedPool.test(error.message);
