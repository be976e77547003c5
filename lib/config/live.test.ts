import { expect, test } from '@jest/globals';
import { combined, fixed, type Live } from './live';

/** A value that a test replaces. */
function replaceable(first: string): Live<string> & { replace(next: string): Promise<void> } {
  let value = first;
  const [listeners, checks] = [new Set<() => void>(), new Set<(candidate: string) => Promise<void>>()];
  return {
    current: () => value,
    renew: () => Promise.resolve(value !== first),
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
}

test('a combined value follows both, and has each candidate checked together with the other one', async () => {
  const [user, host] = [replaceable('ada'), replaceable('here')];
  const address = combined(user, host, (one, other) => `${one}@${other}`);
  const [checked, changes]: [string[], string[]] = [[], []];
  const removeCheck = address.addCheck((candidate) => Promise.resolve(void checked.push(candidate)));
  const unsubscribe = address.onChange(() => changes.push(address.current()));
  expect(await address.renew()).toBe(false);
  await user.replace('bob');
  await host.replace('there');
  expect(await address.renew()).toBe(true);
  removeCheck();
  unsubscribe();
  await user.replace('eve');
  expect(checked).toEqual(['bob@here', 'bob@there']);
  expect(changes).toEqual(['bob@here', 'bob@there']);
  expect(address.current()).toBe('eve@there');
});

test('with a fixed value only the other one changes', async () => {
  const user = replaceable('ada');
  const address = combined(user, fixed('here'), (one, other) => `${one}@${other}`);
  await user.replace('bob');
  expect(address.current()).toBe('bob@here');
});
