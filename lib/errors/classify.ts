import { ZodError } from 'zod';
import { UnknownEventVersion } from '../events/define';
import { StepRefused } from '../saga/steps';
import { endsSession } from '../db/session-errors';
import { isConnectFailure } from './connect-failure';
import { isError } from './is-error';
import { PlatformError } from './errors';
import { permanent, type ErrorMeaning } from './meaning';
import { errorTable, type ErrorCode } from './table';

/**
 * SQLSTATEs about PostgreSQL itself, its state or its settings, never about the data: connection (08), read-only
 * (25006), login refused (28), no such database (3D), resources (53: disk full, out of memory, too many connections),
 * not in the required state (55), operator intervention (57), I/O (58), internal error (XX), privileges revoked
 * (42501). Deadlocks and serialization failures (40P01, 40001) are transient, and count as well.
 */
const serverState = /^(08...|25006|28...|3D...|53...|55000|55006|55P03|57...|58...|XX...|42501|40001|40P01)$/;
/** Error codes of sockets and name resolution. */
const network =
  /^E(CONN[A-Z]+|PIPE|TIMEDOUT|HOST(UNREACH|DOWN)|NET(UNREACH|DOWN|RESET)|ADDRNOTAVAIL|NOTFOUND|AI_[A-Z]+)$/;
/** The message, without a code, of `pg` for an exhausted pool. */
const exhaustedPool = /^timeout exceeded when trying to connect/;

/** Sagas handle refusals by their code. This is for other callers. */
const stepRefused = permanent(409, 'A step of a saga was refused');

/** The code of anything thrown, and what it means to each caller. An unexpected error is `internal`. */
export function classify(error: unknown): { code: string } & ErrorMeaning {
  if (error instanceof PlatformError) return { code: error.code, ...error.meaning };
  if (error instanceof StepRefused) return { code: String(error.code), ...stepRefused };
  const code = codeOf(error);
  return { code, ...errorTable[code] };
}

function codeOf(error: unknown): ErrorCode {
  if (error instanceof ZodError) return 'invalid-message';
  if (error instanceof UnknownEventVersion) return 'unknown-event-version';
  return isError(error) && isOutage(error) ? 'unavailable' : 'internal';
}

function isOutage(error: Error): boolean {
  if (isConnectFailure(error) || endsSession(error) || exhaustedPool.test(error.message)) return true;
  const code = 'code' in error ? String(error.code) : '';
  return network.test(code) || serverState.test(code);
}
