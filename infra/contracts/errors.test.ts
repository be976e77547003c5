import { expect, test } from '@jest/globals';
import { orderSteps, refusals, undoRefusals } from '../../contracts/saga/activities';
import { permanent, transient } from '../../lib/errors/meaning';
import { errorTable } from '../../lib/errors/table';
import { errorsPage, joinTables, platformErrors, refusalsOfSteps } from './errors';

test.each(platformErrors().map((error) => [error.code, error] as const))(
  '%s has a status, a title, and a fate as activity and as message',
  (code, { status, title, temporal }) => {
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(600);
    expect(title).not.toBe('');
    // What the caller did wrong stays wrong, unless it was a race.
    if (status < 500 && temporal === 'retry') expect([409, 425, 429]).toContain(status);
  },
);

test('what a step alone is refused with is no error of the library, which would have another meaning', () => {
  const codes = refusalsOfSteps(orderSteps).map(({ code }) => code);
  expect(codes).toEqual(expect.arrayContaining([...refusals, ...undoRefusals]));
  expect(codes.filter((code) => Object.hasOwn(errorTable, code))).toEqual([]);
});

test('services may share a code with one meaning, and are refused two meanings of it', () => {
  const gone = permanent(404, 'The note is gone');
  const shared = joinTables([
    ['notes', { gone }],
    ['folders', { gone }],
  ]);
  expect(shared).toEqual([{ code: 'gone', ...gone, owners: ['notes', 'folders'] }]);
  const apart = [
    ['notes', { gone }],
    ['folders', { gone: transient(503, 'The folder is gone') }],
  ] as const;
  expect(() => joinTables(apart)).toThrow(/^gone means .*404.* to notes, but .*503.* to folders$/);
});

test('the page has a row for every error with its owners, and for every refusal with its activity', () => {
  const errors = joinTables([['notes', { gone: permanent(404, 'The note is gone') }]]);
  const steps = {
    print: { undo: 'shred', refusals: { 'no-paper': 'There is no paper' }, undoRefusals: { read: 'It has been read' } },
  };
  const page = errorsPage(errors, refusalsOfSteps(steps));
  expect(page).toMatch(/\| `gone` +\| 404 +\| The note is gone +\| fail +\| dead-letter +\| notes +\|\n/);
  expect(page).toMatch(/\| `no-paper` +\| – +\| There is no paper +\| fail +\| – +\| `print` +\|\n/);
  expect(page).toMatch(/\| `read` +\| – +\| It has been read +\| fail +\| – +\| `shred` +\|\n$/);
});
