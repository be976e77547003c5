import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { UnknownEventVersion } from '../events/define';
import { StepRefused } from '../saga/steps';
import { classify } from './classify';
import { markConnectFailure } from './connect-failure';
import { defineErrors, platformError } from './errors';
import { permanent } from './meaning';
import { errorTable } from './table';

test('an error of the library keeps its code, field and details, and has the meaning of the table', () => {
  const error = platformError('conflict', 'TEA-1 is taken', { field: 'items', details: { name: 'TEA-1' } });
  expect(error).toMatchObject({ code: 'conflict', field: 'items', details: { name: 'TEA-1' } });
  expect(classify(error)).toEqual({ code: 'conflict', ...errorTable.conflict });
});

test('an error that a service defines carries its meaning, beside the errors of the library', () => {
  const notes = defineErrors({ 'note-locked': permanent(423, 'The note is locked') });
  expect(classify(notes.platformError('note-locked', 'Note 1 is locked'))).toEqual({
    code: 'note-locked',
    ...notes.table['note-locked'],
  });
  expect(classify(notes.platformError('not-found', 'There is no note 1')).status).toBe(404);
});

test('the refusal of a step keeps its code, and is permanent for every caller', () => {
  expect(classify(new StepRefused('out-of-paper', 'No paper'))).toEqual({
    code: 'out-of-paper',
    ...permanent(409, 'A step of a saga was refused'),
  });
});

test('a code of the library cannot be defined again', () => {
  expect(() => defineErrors({ 'not-found': permanent(410, 'Gone') })).toThrow(
    /^Error code already used by the library: not-found/,
  );
});

test('the meaning of an error is not logged with it', () => {
  expect(JSON.stringify(platformError('not-found', 'x', { field: 'id' }))).toBe(
    '{"code":"not-found","name":"PlatformError","field":"id"}',
  );
});

test('an error without a field has none', () => {
  expect(Object.keys(platformError('not-found', 'x'))).not.toContain('field');
});

const zodError = z.string().safeParse(1).error;
const withCode = (code: string) => Object.assign(new Error('x'), { code });
const ofServer = (code: string): [string, unknown, string, string] => [code, withCode(code), 'unavailable', 'retry'];
function whileConnecting(code: string): Error {
  const error = withCode(code);
  markConnectFailure(error);
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
