import { ActivityFailure, ApplicationFailure, log, patched, setCurrentDetails } from '@temporalio/workflow';
import { bounded, type Call } from './call';

/**
 * Runs a call that may fail for good; while the service that carries it out is away, the call is begun again whenever its
 * attempts are used up. A cancel ends it as ever.
 * @param onOutage is told each time that attempts of before may still be at work somewhere.
 */
export async function outlast<Result>(call: Call<Result>, onOutage: () => void): Promise<Result> {
  let isAway = false;
  try {
    for (;;) {
      try {
        return await call.run(bounded);
      } catch (failure) {
        // Sagas from before this gave up, as after any other fault.
        if (!isOutage(failure) || !patched('outage')) throw failure;
        isAway = true;
        onOutage();
        const why = failure.cause?.message ?? failure.message;
        setCurrentDetails(`**${call.activity} waits for its service**: ${why}`);
        log.warn(`${call.activity} waits: its service is away`, { why });
      }
    }
  } finally {
    if (isAway) setCurrentDetails('');
  }
}

/** Whether the last attempt said that a system was away; its type is the error's code. */
const isOutage = (failure: unknown): failure is ActivityFailure =>
  failure instanceof ActivityFailure &&
  failure.cause instanceof ApplicationFailure &&
  failure.cause.type === 'unavailable';
