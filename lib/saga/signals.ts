import { CancellationScope, condition, defineSignal, setHandler } from '@temporalio/workflow';

/** The signals that a saga has received, in any order and any number of times. */
export interface SagaSignals<Signal extends string> {
  /** Whether the signal was received. */
  has(signal: Signal): boolean;
  /** Resolves when the signal is received. */
  until(signal: Signal): Promise<void>;
  /** Runs steps that stop where they are when the cancel arrives, with a failure that `isCancellation`. */
  unlessCancelled<Result>(run: () => Promise<Result>): Promise<Result>;
}

/**
 * Listens from the start: signals that arrive before they are awaited are remembered.
 * @param names the signals' names by their meaning; `cancel` stops the saga
 * @param before what was known before the saga started
 */
export function listenForSignals<Names extends { readonly cancel: string } & Readonly<Record<string, string>>>(
  names: Names,
  before: { readonly [Signal in keyof Names]?: boolean } = {},
): SagaSignals<keyof Names & string> {
  const scope = new CancellationScope();
  const received = new Set(Object.keys(names).filter((name) => before[name]));
  if (received.has('cancel')) scope.cancel();
  // The facts first: those that arrive together with a cancel are known when it stops the saga.
  for (const [fact, name] of Object.entries(names)) {
    if (fact !== 'cancel') setHandler(defineSignal(name), () => void received.add(fact));
  }
  setHandler(defineSignal(names.cancel), () => {
    received.add('cancel');
    scope.cancel();
  });
  return {
    has: (signal) => received.has(signal),
    until: (signal) => condition(() => received.has(signal)),
    unlessCancelled: (run) => scope.run(run),
  };
}
