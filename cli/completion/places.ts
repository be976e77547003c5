import { withSubcommands, type CommandDescription, type OptionDescription } from '../description';

/** What can be typed at a place of the command line: after a command, or after an option that takes a value. */
export interface Place {
  /** The commands so far, each after a space: ` dlq redrive`; empty at the start. */
  at: string;
  /** Subcommands, options and values of arguments, with what they are. */
  words: { word: string; what: string }[];
  options: OptionValue[];
}

/** An option that takes a value: one of these, a file, or anything. */
export interface OptionValue {
  long: string;
  values: readonly string[] | 'file' | 'any';
}

/** Every place of the command line. */
export const placesOf = (program: CommandDescription): Place[] =>
  withSubcommands(program)
    .map((command) => ({ command, at: command.path.slice(program.path.length) }))
    // `help` is followed by a command, as the start is: it opens no place of its own.
    .filter(({ at }) => at !== ' help')
    .map(({ command, at }) => ({ at, words: wordsAt(command), options: command.options.flatMap(valueOf) }));

const wordsAt = ({ commands, options, arguments: args }: CommandDescription): Place['words'] => [
  ...commands.map(({ path, summary }) => ({ word: path.slice(path.lastIndexOf(' ') + 1), what: summary })),
  ...args.flatMap(({ values = [], description }) => values.map((word) => ({ word, what: description }))),
  ...options.map(({ long, description }) => ({ word: long, what: description })),
];

function valueOf({ long, value, values }: OptionDescription): OptionValue[] {
  if (value === undefined) return [];
  return [{ long, values: values ?? (/file|path/.test(value) ? 'file' : 'any') }];
}

/** A word for a shell, whatever is in it. */
export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
