import { log, setCurrentDetails } from '@temporalio/workflow';
import { bounded, type Call } from './call';
import { isOutage, messageOf } from './failures';
import { has, type SagaKind } from './kind';

/**
 * Runs a call that may fail for good. While the service that carries it out is away, the call begins anew whenever its
 * attempts are used up; a cancel ends that.
 * @param onOutage is told each time that earlier attempts may still be at work somewhere.
 */
export async function runThroughOutages<Result>(
  kind: Pick<SagaKind<never>, 'patches'>,
  call: Call<Result>,
  onOutage: () => void,
): Promise<Result> {
  let isAway = false;
  try {
    for (;;) {
      try {
        return await call.run(bounded);
      } catch (failure) {
        if (!isOutage(failure) || !has(kind, 'outages')) throw failure;
        isAway = true;
        onOutage();
        const why = messageOf(failure);
        setCurrentDetails(`**${call.activity} waits for its service**: ${why}`);
        log.warn(`${call.activity} waits: its service is away`, { why });
      }
    }
  } finally {
    if (isAway) setCurrentDetails('');
  }
}
