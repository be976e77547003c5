import type { Argument, Command, Option } from 'commander';
import { CliCommand, pathOf } from './cli-command';

/** A command as data: what the reference, `help --json` and the completion scripts are made from. */
export interface CommandDescription {
  /** As it is typed: `sagaworks dlq redrive`. */
  path: string;
  usage: string;
  summary: string;
  description: string;
  arguments: ArgumentDescription[];
  options: OptionDescription[];
  examples: string[];
  commands: CommandDescription[];
}

export interface ArgumentDescription {
  name: string;
  description: string;
  isRequired: boolean;
  isVariadic: boolean;
  values?: string[];
}

export interface OptionDescription {
  flags: string;
  /** `--queue` */
  long: string;
  description: string;
  isRequired: boolean;
  /** The name of its value, such as `file.json`; a switch has none. */
  value?: string;
  values?: string[];
  default?: string | number | boolean;
}

export function describeCommand(command: Command): CommandDescription {
  const path = pathOf(command);
  return {
    path,
    usage: `${path} ${command.usage()}`,
    summary: command.summary(),
    description: command.description(),
    arguments: command.registeredArguments.map(describeArgument),
    options: command.createHelp().visibleOptions(command).map(describeOption),
    examples: command instanceof CliCommand ? command.examples : [],
    commands: command.commands.map(describeCommand),
  };
}

const describeArgument = (argument: Argument): ArgumentDescription => ({
  name: argument.name(),
  description: argument.description,
  isRequired: argument.required,
  isVariadic: argument.variadic,
  ...(argument.argChoices ? { values: argument.argChoices } : {}),
});

function describeOption({
  flags,
  long = '',
  description,
  mandatory,
  argChoices,
  defaultValue,
}: Option): OptionDescription {
  const [, value] = /<(.+)>/.exec(flags) ?? [];
  return {
    flags,
    long,
    description,
    isRequired: mandatory,
    ...(value === undefined ? {} : { value }),
    ...(argChoices ? { values: argChoices } : {}),
    ...(defaultValue === undefined ? {} : { default: defaultValue as string | number | boolean }),
  };
}

/** A command and all below it, outermost first. */
export const withSubcommands = (command: CommandDescription): CommandDescription[] => [
  command,
  ...command.commands.flatMap(withSubcommands),
];
