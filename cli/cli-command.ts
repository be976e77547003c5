import { Command, type Help } from 'commander';
import { CommandFailure, UsageError } from './failures';
import { PlainHelp } from './help';

/** What carries a command out: takes its arguments in turn, its options, and itself. */
type Action = (...args: never[]) => Promise<void>;

/** A command of the command line: Commander's, with examples, and with failures that say how it is called. */
export class CliCommand extends Command {
  readonly examples: string[] = [];

  /** @param summary one line, without a full stop. */
  constructor(name: string, summary: string) {
    super(name);
    this.summary(summary).description(`${summary}.`).helpCommand(false).helpOption('-h, --help', 'show this help');
    // Positional options: a command with subcommands leaves their options to them, `--json` for one.
    this.enablePositionalOptions().exitOverride();
    this.configureOutput({ getOutHelpWidth: helpWidth });
    this.on('beforeHelp', (context: { error: boolean }) => this.refuseHelp(context.error));
  }

  /** An example for the help, as it is typed after `sagaworks`. */
  example(line: string): this {
    this.examples.push(`sagaworks ${line}`);
    return this;
  }

  /** What the help says below the summary. */
  note(text: string): this {
    return this.description(`${this.summary()}.\n\n${text}`);
  }

  /** As `runs`, for a command that prints no result: its standard output is a log. */
  runsWithoutJson(load: () => Action): this {
    return this.action(async (...args: unknown[]) => {
      try {
        await load()(...(args as never[]));
      } catch (error) {
        if (error instanceof UsageError) this.error(error.message);
        throw error;
      }
    });
  }

  /** @param load what carries the command out, with its arguments and options; loaded when the command is called. */
  runs(load: () => Action): this {
    return this.option('--json', 'print JSON; errors are JSON as well').runsWithoutJson(load);
  }

  override createHelp(): Help {
    return new PlainHelp(this.examples);
  }

  /** Commander shows help where a subcommand is missing, and for an unknown one with `--help`: both are errors. */
  private refuseHelp(isMissing: boolean): void {
    const [word = '-'] = this.args;
    if (isMissing) this.error(`Missing command: ${this.commands.map((one) => one.name()).join(', ')}`);
    if (this.commands.length > 0 && !word.startsWith('-')) this.error(unknownCommand(this, word));
  }

  /** @throws CommandFailure, `usage`, with the short usage. */
  override error(message: string, { code = '' }: { code?: string } = {}): never {
    const [word = ''] = this.args;
    const isCommand = code === 'commander.excessArguments' && this.commands.length > 0;
    throw new CommandFailure('usage', inWords(isCommand ? unknownCommand(this, word) : message), shortUsage(this));
  }
}

/** The command and its ancestors, as it is typed. */
export const pathOf = (command: Command): string =>
  command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();

const shortUsage = (command: Command): string =>
  `Usage: ${pathOf(command)} ${command.usage()}\nHelp:  ${pathOf(command)} --help`;

/** "error: unknown option '--jsn'\n(Did you mean --json?)" as two sentences. */
function inWords(message: string): string {
  const [what = '', ...hints] = message.replace(/^error: (command-argument )?/, '').split('\n');
  const sentence = what.charAt(0).toUpperCase() + what.slice(1);
  return [sentence, ...hints.map((hint) => hint.replace(/^\((.*)\)$/, '$1'))].join('. ').replace('.. ', '. ');
}

/** Commander's own words for an unknown command, with the nearest ones, also where it takes the word for an argument. */
export function unknownCommand({ commands }: Command, word: string): string {
  const probe = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  for (const known of commands) probe.command(known.name());
  try {
    probe.parse([word], { from: 'user' });
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error(`${word} is a command`);
}

/** A terminal knows its width; for a file or a pipe `COLUMNS` may say one. */
function helpWidth(): number {
  const columns = process.stdout.isTTY ? process.stdout.columns : Number(process.env['COLUMNS']);
  return columns > 0 ? columns : 80;
}
