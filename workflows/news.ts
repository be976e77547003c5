import { CancellationScope, condition, defineSignal, setHandler } from '@temporalio/workflow';
import { signals } from '../contracts/saga/messages';
import type { Progress } from '../contracts/saga/order';

/** What a saga has been told from outside, in whatever order and however often. */
export interface News {
  readonly cancelled: boolean;
  readonly dispatched: boolean;
  readonly delivered: boolean;
  /** Runs steps that stop where they are when the order is cancelled, with a failure that `isCancellation`. */
  unlessCancelled<Result>(run: () => Promise<Result>): Promise<Result>;
  /** Resolves when the carrier has the parcel. */
  dispatch(): Promise<void>;
}

/**
 * Listens from the first moment on: what comes before anybody waits for it is remembered.
 * @param before what had happened before the saga began.
 */
export function hearNews(before?: Progress): News {
  const scope = new CancellationScope();
  const { cancelling: cancelled = false, dispatched = false, delivered = false } = before ?? {};
  const heard = { cancelled, dispatched, delivered };
  if (cancelled) scope.cancel();
  setHandler(defineSignal(signals.dispatched), () => void (heard.dispatched = true));
  setHandler(defineSignal(signals.delivered), () => void (heard.delivered = true));
  setHandler(defineSignal(signals.cancel), () => {
    heard.cancelled = true;
    scope.cancel();
  });
  return {
    get cancelled() {
      return heard.cancelled;
    },
    get dispatched() {
      return heard.dispatched;
    },
    get delivered() {
      return heard.delivered;
    },
    unlessCancelled: (run) => scope.run(run),
    dispatch: () => condition(() => heard.dispatched),
  };
}
