/** Prints a result: as JSON for scripts, else in the words for people. */
export function print<T>(result: T, { json, words }: { json: boolean; words: (result: T) => string }): void {
  process.stdout.write(`${json ? JSON.stringify(result, null, 2) : words(result)}\n`);
}
