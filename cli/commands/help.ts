import type { Command } from 'commander';
import { CliCommand, unknownCommand } from '../cli-command';
import { describeCommand } from '../description';
import { print, type OutputOptions } from '../output';

export const help = (): CliCommand =>
  new CliCommand('help', 'Show the help of a command')
    .argument('[command...]', 'the command, such as dlq redrive')
    .example('help dlq redrive')
    .example('help dlq --json')
    .runs(() => show);

function show(path: string[], options: OutputOptions, { parent: program }: CliCommand): Promise<void> {
  if (!program) throw new Error('The command has no program');
  const command = path.reduce(find, program);
  if (options.json) print(describeCommand(command), options, () => '');
  else command.outputHelp();
  return Promise.resolve();
}

function find(command: Command, word: string): Command {
  return command.commands.find((one) => one.name() === word) ?? command.error(unknownCommand(command, word));
}
