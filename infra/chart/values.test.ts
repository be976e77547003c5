import { expect, test } from '@jest/globals';
import { typos } from './typos';
import { valuesSchema } from './values';

/** The paths of what the schema refuses; what is missing has a default in values.yaml. */
function refused(values: object): string[] {
  const { error } = valuesSchema().safeParse(values);
  return (error?.issues ?? []).flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => [...issue.path, key].join('.'));
    return valueAt(values, issue.path) === undefined ? [] : [issue.path.join('.')];
  });
}

const valueAt = (values: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce((inner, key) => (inner as Partial<Record<PropertyKey, unknown>> | undefined)?.[key], values);

test('values that are right are accepted', () => {
  expect(
    refused({
      image: { repository: 'registry.example/sagaworks', tag: '1.0.0' },
      roles: { api: { replicas: 3 }, orders: { resources: { limits: { memory: '1Gi' } } } },
      settings: { LOG_LEVEL: 'debug', REVIEW_FROM: 100_000, NOTIFICATIONS_LANGUAGE: 'de' },
      secrets: { existing: 'sagaworks' },
    }),
  ).toEqual([]);
});

test.each(typos)('%s is refused', (path, values) => {
  expect(refused(values)).toEqual([path]);
});
