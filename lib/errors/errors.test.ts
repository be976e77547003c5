import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { UnknownEventVersion } from '../events/define';
import { classify } from './classify';
import { noteConnectFailure } from './connect-failure';
import { fail } from './errors';
import { errorTable } from './table';

test.each(Object.entries(errorTable))(
  '%s has a status, a title, and a fate as activity and as message',
  (code, row) => {
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(row.status).toBeGreaterThanOrEqual(400);
    expect(row.status).toBeLessThan(600);
    expect(row.title).not.toBe('');
    // What the caller did wrong stays wrong, unless it was a race.
    if (row.status < 500 && row.temporal === 'retry') expect([409, 425, 429]).toContain(row.status);
  },
);

test('an error of ours keeps its code, field and details', () => {
  const error = fail('out-of-stock', 'TEA-1: 5 wanted, 2 available', { field: 'items', details: { sku: 'TEA-1' } });
  expect(error).toMatchObject({ code: 'out-of-stock', field: 'items', details: { sku: 'TEA-1' } });
  expect(classify(error)).toEqual({ code: 'out-of-stock', ...errorTable['out-of-stock'] });
});

test('an error without a field has none', () => {
  expect(Object.keys(fail('not-found', 'x'))).not.toContain('field');
});

const zodError = z.string().safeParse(1).error;
const withCode = (code: string) => Object.assign(new Error('x'), { code });
const ofServer = (code: string): [string, unknown, string, string] => [code, withCode(code), 'unavailable', 'retry'];
function whileConnecting(code: string): Error {
  const error = withCode(code);
  noteConnectFailure(error);
  return error;
}
test.each<[string, unknown, string, string]>([
  ['data that does not match its schema', zodError, 'invalid-message', 'dead-letter'],
  ['an event version from the future', new UnknownEventVersion('a.b', 2, 1), 'unknown-event-version', 'park'],
  ['a refused connection', withCode('ECONNREFUSED'), 'unavailable', 'retry'],
  ['a database that shuts down', withCode('57P01'), 'unavailable', 'retry'],
  ...['25006', '28000', '28P01', '3D000', '40001', '40P01', '42501', '53100', '53200', '53300'].map(ofServer),
  ...['55000', '55P03', '57014', '58030', 'XX000', 'ENETUNREACH'].map(ofServer),
  ['a certificate that has expired, while connecting', whileConnecting('CERT_HAS_EXPIRED'), 'unavailable', 'retry'],
  ['the same, at work', withCode('CERT_HAS_EXPIRED'), 'internal', 'retry'],
  ['data that PostgreSQL does not take', withCode('22P02'), 'internal', 'retry'],
  ['a table that does not exist', withCode('42P01'), 'internal', 'retry'],
  ['a connection that broke', new Error('Connection terminated unexpectedly'), 'unavailable', 'retry'],
  ['a violated constraint', withCode('23505'), 'internal', 'retry'],
  ['a bug', new TypeError('x is not a function'), 'internal', 'retry'],
  ['something thrown that is no error', 'oops', 'internal', 'retry'],
])('%s is classified', (_what, error, code, message) => {
  expect(classify(error)).toMatchObject({ code, message });
});
