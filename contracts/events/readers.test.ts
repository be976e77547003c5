import { expect, test } from '@jest/globals';
import { eventsOf } from '../../lib/events/exchange';
import { exchanges } from '.';

/** The same with an unknown field in every object. */
const noisy = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(noisy);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([name, inner]) => [name, noisy(inner)] as const);
  return { ...Object.fromEntries(fields), unheardOf: true };
};

test.each(eventsOf(Object.values(exchanges)).map((contract) => [contract.type, contract] as const))(
  'readers of %s take unknown fields at any depth and leave them out; writers write none',
  (_, contract) => {
    const { version, schemas, example } = contract;
    expect(contract.parse(version, noisy(example))).toEqual(example);
    expect(schemas[version - 1]?.safeParse(example).success).toBe(true);
    expect(schemas[version - 1]?.safeParse(noisy(example)).success).toBe(false);
  },
);
