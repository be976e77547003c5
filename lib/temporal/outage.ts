import { isGrpcServiceError, NamespaceNotFoundError } from '@temporalio/client';
import { platformError } from '../errors/errors';

/** gRPC's INVALID_ARGUMENT: the one answer that may say that the request itself is at fault. */
const invalidArgument = 3;
/** Requests name the platform's search attributes; that the server does not know one is the server's state. */
const aboutSearchAttributes = /search ?attribute/i;

/**
 * Runs calls of Temporal's client, and tells outages apart from mistakes. What the SDK has an error of its own for
 * (a workflow that is not there, or was started before) is an answer; so is INVALID_ARGUMENT, unless it is about search
 * attributes. Everything else Temporal says about itself: not there, not allowed, overloaded, no such namespace.
 * @throws `unavailable` when Temporal did not answer, or not with a decision; else whatever `run` throws.
 */
export async function whenReachable<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const why = saidOfItself(error);
    if (why === undefined) throw error;
    throw platformError('unavailable', `Temporal did not answer: ${why}`);
  }
}

/** What Temporal said about itself rather than about the call. */
function saidOfItself(error: unknown): string | undefined {
  if (error instanceof NamespaceNotFoundError) return error.message;
  const answer = error instanceof Error && error.cause !== undefined ? error.cause : error;
  if (!isGrpcServiceError(answer)) return undefined;
  const code: number = answer.code;
  const why = answer.details || answer.message;
  return code === invalidArgument && !aboutSearchAttributes.test(why) ? undefined : why;
}
