import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { z } from 'zod';
import { UserError } from './steps';

/**
 * What an earlier start has kept in a file, undefined when there is none.
 * @throws UserError when it is truncated, or this release cannot read it: the data beside it is useless without it.
 */
export function readKept<T>(file: string, shape: z.ZodType<T>): T | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return shape.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const name = relative('.', file);
    // Its values may be secrets.
    const why = error instanceof SyntaxError ? 'it is no whole JSON' : 'parts of it are missing';
    throw new UserError(
      `${name}, which an earlier start has kept, cannot be read: ${why}`,
      `put it back as it was, or begin anew without the data beside it: rm ${name}, then the same command again`,
    );
  }
}
