import { expect, test } from '@jest/globals';
import { reasonAgainst, unitTests } from './unit-tests';

test('pure tests are unit tests; those whose imports lead to a server are not, and the reason names the imports', () => {
  const tests = unitTests();
  expect(tests).toContain('services/orders/domain.test.ts');
  expect(tests).toContain('tests/unit/unit-tests.test.ts');
  expect(tests).not.toContain('lib/aggregate/handle.test.ts');
  expect(reasonAgainst('lib/aggregate/handle.test.ts')).toBe(
    'it imports the addresses of PostgreSQL, RabbitMQ and Temporal: ' +
      'lib/aggregate/handle.test.ts → tests/lib-support/database.ts → tests/lib-support/required.ts',
  );
  expect(reasonAgainst('workflows/bundle.test.ts')).toContain('lib/temporal/bundle.ts → @temporalio/worker');
});
