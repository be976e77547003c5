import { CancellationScope, condition, defineSignal, setHandler } from '@temporalio/workflow';

/** What a saga has been told from outside, in any order and any number of times. */
export interface SagaSignals<Signal extends string> {
  /** Whether it was told. */
  has(signal: Signal): boolean;
  /** Resolves when it is told. */
  until(signal: Signal): Promise<void>;
  /** Runs steps that stop where they are when the saga is to be cancelled, with a failure that `isCancellation`. */
  unlessCancelled<Result>(run: () => Promise<Result>): Promise<Result>;
}

/**
 * Listens from the first moment on: what comes before it is waited for is remembered.
 * @param names the signals by what they say; `cancel` stops the saga.
 * @param before what was known before the saga began.
 */
export function listenForSignals<Names extends { readonly cancel: string } & Readonly<Record<string, string>>>(
  names: Names,
  before: { readonly [Signal in keyof Names]?: boolean } = {},
): SagaSignals<keyof Names & string> {
  const scope = new CancellationScope();
  const told = new Set(Object.keys(names).filter((name) => before[name]));
  if (told.has('cancel')) scope.cancel();
  // The facts first: told together with a cancel, they are known when it stops the saga.
  for (const [fact, name] of Object.entries(names)) {
    if (fact !== 'cancel') setHandler(defineSignal(name), () => void told.add(fact));
  }
  setHandler(defineSignal(names.cancel), () => {
    told.add('cancel');
    scope.cancel();
  });
  return {
    has: (signal) => told.has(signal),
    until: (signal) => condition(() => told.has(signal)),
    unlessCancelled: (run) => scope.run(run),
  };
}
