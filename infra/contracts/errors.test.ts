import { expect, test } from '@jest/globals';
import { refusals } from '../../contracts/saga/failures';
import { permanent, transient } from '../../lib/errors/meaning';
import { errorsPage, joinTables, platformErrors } from './errors';

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

test('every refusal that a step can raise is an error of a service, and is never retried', () => {
  const decidedInTheWorkflow = ['review-rejected', 'review-timed-out'];
  const steps = refusals.filter((one) => !decidedInTheWorkflow.includes(one));
  expect(platformErrors()).toEqual(
    expect.arrayContaining(steps.map((code) => expect.objectContaining({ code, temporal: 'fail' }))),
  );
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

test('the page has a row for every error, with its owners', () => {
  const page = errorsPage(joinTables([['notes', { gone: permanent(404, 'The note is gone') }]]));
  expect(page).toMatch(/\| `gone` +\| 404 +\| The note is gone +\| fail +\| dead-letter +\| notes +\|\n$/);
});
