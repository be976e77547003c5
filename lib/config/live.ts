/** A value that may be replaced while the process runs, such as a password that is read from a file. */
export interface Live<T> {
  /** The value in use. Read it whenever it is needed, and keep no copy. */
  current(): T;
  /**
   * Looks for a new value at once, because the one in use was refused. Returns whether another one is in use now; never
   * rejects.
   */
  renew(): Promise<boolean>;
  /** Calls `listener` after each change. Returns how to unsubscribe. */
  onChange(listener: () => void): () => void;
  /**
   * From now on a new value is used only after `check` has resolved for it; otherwise the one in use stays. Returns how to
   * remove the check.
   */
  addCheck(check: (candidate: T) => Promise<void>): () => void;
}

/** A value that never changes. */
export const fixed = <T>(value: T): Live<T> => ({
  current: () => value,
  renew: () => Promise.resolve(false),
  onChange: () => () => undefined,
  addCheck: () => () => undefined,
});

/** A value made of two others; it changes when one of them does. */
export function combined<A, B, T>(first: Live<A>, second: Live<B>, combine: (a: A, b: B) => T): Live<T> {
  return {
    current: () => combine(first.current(), second.current()),
    renew: async () => (await Promise.all([first.renew(), second.renew()])).includes(true),
    onChange: (listener) => all(first.onChange(listener), second.onChange(listener)),
    addCheck: (check) =>
      all(
        first.addCheck((candidate) => check(combine(candidate, second.current()))),
        second.addCheck((candidate) => check(combine(first.current(), candidate))),
      ),
  };
}

const all =
  (...steps: (() => void)[]) =>
  (): void => {
    for (const step of steps) step();
  };
