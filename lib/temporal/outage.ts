import { isGrpcServiceError } from '@temporalio/client';
import { fail } from '../errors/errors';

/** gRPC's INVALID_ARGUMENT: the one answer that says the request itself is at fault. */
const invalidArgument = 3;

/**
 * Runs calls of Temporal's client, and tells outages apart from mistakes.
 * @throws `unavailable` when Temporal did not answer, or not with a decision; else whatever `run` throws.
 */
export async function whenReachable<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const answer = error instanceof Error && error.cause !== undefined ? error.cause : error;
    if (!isGrpcServiceError(answer)) throw error;
    const code: number = answer.code;
    if (code === invalidArgument) throw error;
    throw fail('unavailable', `Temporal did not answer: ${answer.details || answer.message}`);
  }
}
