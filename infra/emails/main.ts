import { writeFileSync } from 'node:fs';
import { documentPath, emailDocument } from './document';
import { languageNames, sampleEmails } from './samples';
import { findBrowser, takeScreenshots } from './screenshots';

/** Writes docs/emails.md and, where a browser is installed, the screenshots in it. */
async function main(): Promise<void> {
  writeFileSync(documentPath, emailDocument());
  process.stdout.write(`Wrote ${documentPath}\n`);
  const browser = findBrowser();
  if (browser === undefined) {
    process.stdout.write('No Chromium found, so the screenshots stay as they are; install it, or set CHROME_PATH\n');
    return;
  }
  const emails = languageNames.flatMap(sampleEmails);
  await takeScreenshots(browser, emails);
  process.stdout.write(`Took ${emails.length} screenshots with ${browser}\n`);
}

void main();
