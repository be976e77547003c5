import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StackFile } from '../../infra/local/stack-file';

/** Where `npm start` writes its files, in the folder in which a command is called. */
export const localDirectory = '.sagaworks';

/** What is known of the local stack; a stack of an earlier release may lack some of it. */
export type LocalStack = Partial<StackFile>;

/** The addresses of the local stack, empty where none was started. @throws Error when its file is damaged. */
export const readLocalStack = (directory = localDirectory): LocalStack => readObject(join(directory, 'stack.json'));

/** The operator's token of the local stack. @throws Error when its file is damaged. */
export const readLocalToken = (directory = localDirectory): string | undefined =>
  readObject<{ operator: string }>(join(directory, 'tokens.json')).operator;

/** An address that neither the environment nor the local stack has, and what to do about it. */
export const unknownAddress = (what: string, variables: string): Error =>
  new Error(`${what} is unknown: set ${variables}, or run "npm start" here first`);

// By hand: a schema library takes longer to load than most commands to run.
function readObject<T extends object>(file: string): Partial<T> {
  if (!existsSync(file)) return {};
  try {
    return Object(JSON.parse(readFileSync(file, 'utf8'))) as Partial<T>;
  } catch {
    // The parser's message would quote the file, and its values may be secrets.
    throw new Error(`${file} is not JSON: run "npm start" here again`);
  }
}
