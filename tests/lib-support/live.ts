import type { Live } from '../../lib/config/live';

/** A value that a test replaces. */
export interface Replaceable<T> extends Live<T> {
  /** @throws what a check throws; the value then stays. */
  replace(next: T): Promise<void>;
}

/** @param onRenew what looking for a new value does; default: nothing. */
export function replaceable<T>(first: T, onRenew?: (live: Replaceable<T>) => Promise<void>): Replaceable<T> {
  let value = first;
  const [listeners, checks] = [new Set<() => void>(), new Set<(candidate: T) => Promise<void>>()];
  const live: Replaceable<T> = {
    current: () => value,
    renew: async () => {
      const before = value;
      await onRenew?.(live);
      return value !== before;
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    addCheck: (check) => {
      checks.add(check);
      return () => checks.delete(check);
    },
    replace: async (next) => {
      for (const check of checks) await check(next);
      value = next;
      for (const listener of listeners) listener();
    },
  };
  return live;
}
