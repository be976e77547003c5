import { createHash } from 'node:crypto';
import { join } from 'node:path';

/** The folder of a whole run of tests, which ends with it; without one, nothing is shared. */
export const runFolderVariable = 'TEST_RUN_FOLDER';

/** The folder of this run of tests; undefined outside of one. */
export const runFolder = (): string | undefined => process.env[runFolderVariable];

/** What is made once of a path: copies of the checkout have files of their own. @param path absolute. */
export const madeOf = (path: string, folder: string): string =>
  join(folder, createHash('sha256').update(path).digest('hex').slice(0, 16));
