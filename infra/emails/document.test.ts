import { readFileSync, statSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { documentPath, emailDocument, screenshotPath } from './document';
import { languageNames, sampleEmails } from './samples';

test('docs/emails.md shows the e-mails as the templates write them; "npm run docs:emails" writes it anew', () => {
  expect(readFileSync(documentPath, 'utf8')).toBe(emailDocument());
});

test.each(languageNames.flatMap(sampleEmails).map((email) => [screenshotPath(email)]))(
  'there is a screenshot %s, small enough for a repository',
  (path) => {
    const { size } = statSync(path);
    expect(size).toBeGreaterThan(1_000);
    expect(size).toBeLessThan(60_000);
  },
);
