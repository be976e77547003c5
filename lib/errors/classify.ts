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
 * What PostgreSQL says about itself, its state or its settings, never about the data it was given: connection (08),
 * read-only (25006), login refused (28), no such database (3D), resources (53: disk full, out of memory, too many
 * connections), not in the state for it (55), operator intervention (57), I/O (58), internal error (XX), privileges
 * revoked (42501). A deadlock or a serialization failure (40001, 40P01) is the bad luck of a moment, and counted here too.
 */
const serverState = /^(08...|25006|28...|3D...|53...|55000|55006|55P03|57...|58...|XX...|42501|40001|40P01)$/;
/** Of sockets and name resolution. */
const network =
  /^E(CONN[A-Z]+|PIPE|TIMEDOUT|HOST(UNREACH|DOWN)|NET(UNREACH|DOWN|RESET)|ADDRNOTAVAIL|NOTFOUND|AI_[A-Z]+)$/;
/** What `pg` says of an exhausted pool, without a code. */
const exhaustedPool = /^timeout exceeded when trying to connect/;

/** Sagas meet refusals by their code. This is for anything else that one might reach. */
const stepRefused = permanent(409, 'A step of a saga was refused');

/** What any thrown thing means: its code and what that is to each caller. What was not foreseen is `internal`. */
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
