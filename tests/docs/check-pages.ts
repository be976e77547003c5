import { brokenLinks, codeFiles, missingPages } from './links';
import { allPages } from './pages';

/** A part of `npm run check`: links that lead nowhere, and pages that code names and that are not there. */
const broken = [
  ...allPages().flatMap((page) => brokenLinks(page)),
  ...codeFiles().flatMap((file) => missingPages(file)),
];
for (const link of broken) process.stdout.write(`${link}: it leads nowhere\n`);
process.exitCode = broken.length === 0 ? 0 : 1;
