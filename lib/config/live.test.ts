import { expect, test } from '@jest/globals';
import { replaceable } from '../../tests/lib-support/live';
import { combined, fixed } from './live';

test('a combined value follows both, and has each candidate checked together with the other one', async () => {
  const [user, host] = [replaceable('ada'), replaceable('here')];
  const address = combined(user, host, (one, other) => `${one}@${other}`);
  const [checked, changes]: [string[], string[]] = [[], []];
  const removeCheck = address.addCheck((candidate) => Promise.resolve(void checked.push(candidate)));
  const unsubscribe = address.onChange(() => changes.push(address.current()));
  expect(await address.renew()).toBe(false);
  await user.replace('bob');
  await host.replace('there');
  expect(await address.renew()).toBe(false);
  removeCheck();
  unsubscribe();
  await user.replace('eve');
  expect(checked).toEqual(['bob@here', 'bob@there']);
  expect(changes).toEqual(['bob@here', 'bob@there']);
  expect(address.current()).toBe('eve@there');
});

test('looking for a new value looks at both', async () => {
  const host = replaceable('here', (live) => live.replace('there'));
  const address = combined(replaceable('ada'), host, (one, other) => `${one}@${other}`);
  expect(await address.renew()).toBe(true);
  expect(address.current()).toBe('ada@there');
});

test('with a fixed value only the other one changes', async () => {
  const user = replaceable('ada');
  const address = combined(user, fixed('here'), (one, other) => `${one}@${other}`);
  await user.replace('bob');
  expect(address.current()).toBe('bob@here');
});
