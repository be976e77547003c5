import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createConfirmedPrefix } from './pipeline';

const at = (position: number) => ({ xid: '7', position });

test('the cursor stays before the first entry that is not confirmed', () => {
  const prefix = createConfirmedPrefix(at(0));
  const confirms = [1, 2, 3].map((position) => prefix.sent(at(position)));
  confirms[2]?.();
  confirms[1]?.();
  expect(prefix.cursor).toEqual(at(0));
  confirms[0]?.();
  expect(prefix.cursor).toEqual(at(3));
});

test('in whatever order confirms arrive, the cursor is the end of the longest confirmed prefix', () => {
  const scenario = fc.integer({ min: 1, max: 60 }).chain((count) =>
    fc.record({
      count: fc.constant(count),
      arrivals: fc.shuffledSubarray(Array.from({ length: count }, (_, index) => index + 1)),
    }),
  );
  fc.assert(
    fc.property(scenario, ({ count, arrivals }) => {
      const prefix = createConfirmedPrefix(at(0));
      const confirms = Array.from({ length: count }, (_, index) => prefix.sent(at(index + 1)));
      const confirmed = new Set<number>();
      for (const position of arrivals) {
        confirms[position - 1]?.();
        confirmed.add(position);
        let expected = 0;
        while (confirmed.has(expected + 1)) expected += 1;
        expect(prefix.cursor.position).toBe(expected);
        expect(prefix.ahead).toBe(count - expected);
      }
    }),
  );
});

test('confirming while sending goes on works the same', () => {
  const steps = fc.array(fc.oneof(fc.constant('send' as const), fc.nat({ max: 20 })), { maxLength: 100 });
  fc.assert(
    fc.property(steps, (script) => {
      const prefix = createConfirmedPrefix(at(0));
      const confirms: (() => void)[] = [];
      const confirmed = new Set<number>();
      for (const step of script) {
        if (step === 'send') confirms.push(prefix.sent(at(confirms.length + 1)));
        else if (step < confirms.length) {
          confirms[step]?.();
          confirmed.add(step + 1);
        }
        let expected = 0;
        while (confirmed.has(expected + 1)) expected += 1;
        expect(prefix.cursor.position).toBe(expected);
        expect(prefix.ahead).toBe(confirms.length - expected);
      }
    }),
  );
});
