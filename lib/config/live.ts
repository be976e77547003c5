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

/** A value that its owner replaces. */
export interface Replaceable<T> {
  /** What others may do with it, besides looking for a new value. */
  live: Omit<Live<T>, 'renew'>;
  /** Uses the value from now on. @throws what a check throws; the one in use then stays. */
  replace(candidate: T): Promise<void>;
}

export function createReplaceable<T>(first: T): Replaceable<T> {
  let value = first;
  const checks = new Set<(candidate: T) => Promise<void>>();
  const listeners = new Set<() => void>();
  const joined =
    <Member>(members: Set<Member>) =>
    (member: Member) => {
      members.add(member);
      return () => void members.delete(member);
    };
  return {
    live: { current: () => value, onChange: joined(listeners), addCheck: joined(checks) },
    async replace(candidate) {
      await Promise.all([...checks].map((check) => check(candidate)));
      value = candidate;
      for (const listener of listeners) listener();
    },
  };
}

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
