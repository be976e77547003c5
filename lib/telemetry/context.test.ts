import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { activeContext, childTraceparent, currentContext, newContext, withContext } from './context';

const w3c = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

test('a context is seen by everything that runs in it, also after waiting, and by nothing else', async () => {
  const seen = await Promise.all(
    ['a', 'b'].map((correlationId) =>
      withContext(newContext({ correlationId }), async () => {
        await sleep(1);
        return currentContext().correlationId;
      }),
    ),
  );
  expect(seen).toEqual(['a', 'b']);
  expect(activeContext()).toBeUndefined();
});

test('without a context a new one is created', () => {
  expect(currentContext().traceparent).toMatch(w3c);
  expect(currentContext().correlationId).not.toBe(currentContext().correlationId);
});

test('a child span stays in its trace and keeps its flags', () => {
  const parent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00';
  const child = childTraceparent(parent);
  expect(child).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-00$/);
  expect(child).not.toBe(parent);
});

test.each([
  '',
  'nonsense',
  '00-00000000000000000000000000000000-b7ad6b7169203331-01',
  'ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
])('the malformed trace %p is replaced by a new one', (traceparent) => {
  const child = childTraceparent(traceparent);
  expect(child).toMatch(w3c);
  expect(child).not.toContain('00000000000000000000000000000000');
});
