/** As the options of every command have it. */
export interface OutputOptions {
  json?: boolean;
}

/** Prints a result on standard output: one JSON document, or text for people. */
export function print<T>(result: T, { json = false }: OutputOptions, text: (result: T) => string): void {
  process.stdout.write(`${json ? JSON.stringify(result, null, 2) : text(result)}\n`);
}

/** Says on standard error what happens meanwhile. With `json` that is one object a line, as errors are. */
export function note(text: string, { json = false }: OutputOptions): void {
  process.stderr.write(`${json ? JSON.stringify({ note: text }) : text}\n`);
}

/** A reader that has seen enough, such as `head`, is no failure: the command ends quietly. */
export function endQuietlyWithReader(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}
