import { sourceFiles } from '../../infra/source-files';
import { importsOf } from './imports';

/**
 * What only a test with servers imports, or one that takes minutes. Every test file whose imports lead to none of them
 * is a unit test; there is no list of unit tests to keep.
 */
const forbidden: Readonly<Record<string, string>> = {
  'tests/lib-support/required.ts': 'the addresses of PostgreSQL, RabbitMQ and Temporal',
  'infra/local/stack.ts': 'the start of PostgreSQL, RabbitMQ and Temporal',
  'tests/support/checkout.ts': 'a copy of the checkout in which programs run',
  'tests/lib-support/identity-provider.ts': 'an OpenID provider in a process of its own',
  '@temporalio/worker': 'the worker of Temporal, which bundles workflows',
  '@temporalio/testing': 'the test server of Temporal',
};

/** The unit tests below the working directory. */
export const unitTests = (): string[] =>
  sourceFiles().filter((file) => file.endsWith('.test.ts') && reasonAgainst(file) === undefined);

/** Why a test file is no unit test, with the imports that lead there; undefined when it is one. */
export function reasonAgainst(file: string): string | undefined {
  const importers = importsOf(file);
  const [found, what] = Object.entries(forbidden).find(([target]) => importers.has(target)) ?? [];
  if (found === undefined) return undefined;
  const chain = [found];
  for (let last: string | undefined = found; last !== file && last !== undefined;) {
    last = importers.get(last);
    if (last !== undefined) chain.unshift(last);
  }
  return `it imports ${what}: ${chain.join(' → ')}`;
}
