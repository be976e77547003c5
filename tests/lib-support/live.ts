import { createReplaceable, type Live, type Replaceable } from '../../lib/config/live';

/** A value that a test replaces. */
export type ReplaceableLive<T> = Live<T> & Pick<Replaceable<T>, 'replace'>;

/** @param onRenew what looking for a new value does; default: nothing. */
export function replaceable<T>(first: T, onRenew?: (live: ReplaceableLive<T>) => Promise<void>): ReplaceableLive<T> {
  const owned = createReplaceable(first);
  const live: ReplaceableLive<T> = {
    ...owned.live,
    replace: (next) => owned.replace(next),
    renew: async () => {
      const before = live.current();
      await onRenew?.(live);
      return live.current() !== before;
    },
  };
  return live;
}
