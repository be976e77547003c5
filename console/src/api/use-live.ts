import { useEffect, useRef, useState } from 'preact/hooks';
import { watchOrders } from './live';
import { sentenceOf } from './problem';

export interface Loaded<T> {
  value: T | undefined;
  /** Why the newest attempt failed; the value is then the last one that was read. */
  failure: string | undefined;
  reload: () => void;
}

/** How long after a change a page is read again, so that ten events in a row cost one request. */
const settleMs = 150;
/** What belongs to other services follows an order's event a little later. */
const followUpMs = 1_500;

/**
 * Loads a value, and again after every change.
 * @param key another one means another value
 * @param watch reports changes; default: those to orders
 */
export function useLive<T>(key: string, load: () => Promise<T>, watch = watchOrders): Loaded<T> {
  const [state, setState] = useState<{ key: string; value?: T; failure?: string }>({ key });
  const latest = useRef(load);
  latest.current = load;
  const reload = useRef<() => void>(() => undefined);
  useEffect(() => {
    let isOver = false;
    let timers: number[] = [];
    const read = async (): Promise<void> => {
      try {
        const value = await latest.current();
        if (!isOver) setState({ key, value });
      } catch (error) {
        if (!isOver) setState((before) => ({ ...(before.key === key ? before : { key }), failure: sentenceOf(error) }));
      }
    };
    const soon = (): void => {
      timers.forEach((timer) => clearTimeout(timer));
      timers = [settleMs, followUpMs].map((ms) => window.setTimeout(() => void read(), ms));
    };
    reload.current = () => void read();
    void read();
    const unwatch = watch(soon);
    return () => {
      isOver = true;
      timers.forEach((timer) => clearTimeout(timer));
      unwatch();
    };
  }, [key]);
  const mine = state.key === key;
  return {
    value: mine ? state.value : undefined,
    failure: mine ? state.failure : undefined,
    reload: () => reload.current(),
  };
}
