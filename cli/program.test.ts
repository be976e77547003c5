import { expect, test } from '@jest/globals';
import type { Command } from 'commander';
import { roles } from '../workers/modules/roles';
import { roleNames } from './commands/run';
import { describeCommand, withSubcommands } from './description';
import { exitCodes } from './exit-codes';
import { CommandFailure } from './failures';
import { createProgram } from './program';

const everyCommand = (command: Command): Command[] => [command, ...command.commands.flatMap(everyCommand)];
const paths = withSubcommands(describeCommand(createProgram())).map(({ path }) => path);

function helpOf(path: string, width: number): string {
  const program = createProgram();
  for (const one of everyCommand(program)) one.configureOutput({ getOutHelpWidth: () => width });
  const [, ...names] = path.split(' ');
  const command = names.reduce((at: Command, name) => at.commands.find((one) => one.name() === name) ?? at, program);
  return command.helpInformation();
}

test.each(paths)('the help of %s fits into terminals of 60, 80 and 120 columns', (path) => {
  for (const width of [60, 80, 120]) {
    const tooLong = helpOf(path, width)
      .split('\n')
      .filter((line) => line.length > width);
    // A word that is longer than the terminal, such as a quoted value of an example, cannot be broken.
    expect(tooLong.filter((line) => line.trim().includes(' '))).toEqual([]);
  }
});

test.each(paths)('the help of %s says what it does, how it ends, and how it is called', (path) => {
  const help = helpOf(path, 500);
  expect(help).toMatch(/^Usage: sagaworks .*\n\n[A-Z].*\.\n/);
  expect(help).toContain('64 wrong arguments');
  if (!help.includes('[command]')) expect(help).toMatch(/Examples:\n {2}sagaworks /);
});

test('every option and every argument is explained', () => {
  const described = withSubcommands(describeCommand(createProgram()));
  const all = described.flatMap(({ options, arguments: args }) => [...options, ...args]);
  expect(all.filter(({ description }) => description === '')).toEqual([]);
});

/** The failure of arguments that reach no action. */
async function failureOf(args: string[]): Promise<CommandFailure> {
  const failure: unknown = await createProgram()
    .parseAsync(args, { from: 'user' })
    .catch((error: unknown) => error);
  if (failure instanceof CommandFailure) return failure;
  throw new Error(`${args.join(' ')} did not fail as a command does`);
}

test.each([
  ['', 'Missing command: run, secrets, provision, migrate, ', '[options] [command]'],
  ['dql', "Unknown command 'dql'. Did you mean dlq?", '[options] [command]'],
  ['dql --help', "Unknown command 'dql'. Did you mean dlq?", '[options] [command]'],
  ['help dlq redriv', "Unknown command 'redriv'. Did you mean redrive?", 'dlq [options] [command]'],
  ['dlq', 'Missing command: list, show, redrive, discard', 'dlq [options] [command]'],
  ['dlq lst --help', "Unknown command 'lst'. Did you mean list?", 'dlq [options] [command]'],
  ['dlq list --quee x', "Unknown option '--quee'. Did you mean --queue?", 'dlq list [options]'],
  ['dlq list --older-than long', 'such as 2h', 'dlq list [options]'],
  ['audit setle x', "Unknown command 'setle'. Did you mean settle?", 'audit '],
  ['audit --window often', 'Give a number from 0', 'audit '],
  ['audit settle x --kind stock-missing --reason y', 'Allowed choices are parcel-kept', 'audit settle '],
  ['audit settle x --kind parcel-kept', "Required option '--reason <text>' not specified", 'audit settle '],
  ['audit settle x --kind parcel-kept --reason y --window 3', "Unknown option '--window'", 'audit settle '],
  ['outbox parked retri', "Unknown command 'retri'. Did you mean retry?", 'outbox parked '],
  ['order show', "Missing required argument 'id'", 'order show [options] <id>'],
  ['order diff x --version first', 'a..b', 'order diff '],
  ['carrier x lost', 'Allowed choices are dispatched, delivered', 'carrier '],
  ['run everything', 'Allowed choices are all, ', 'run '],
  ['run', "Missing required argument 'role'", 'run '],
  ['token --user x', "Required option '--role <role>' not specified", 'token '],
  ['sagas resolve x --reason y --result {', 'It is not JSON', 'sagas resolve '],
  ['dlq redrive x --data /none.json', 'It cannot be read as JSON', 'dlq redrive '],
  ['deploy check --sample 1.5', 'Give a whole number', 'deploy check '],
  ['topology plan now', 'Too many arguments', 'topology plan '],
])('"%s" is wrong, and the message says how to call it', async (args, message, usage) => {
  const failure = await failureOf(args.split(' ').filter(Boolean));
  expect(failure.message).toContain(message);
  expect(failure.message).not.toMatch(/^error|\n/);
  expect(exitCodes[failure.exit]).toBe(64);
  expect(failure.usage).toMatch(new RegExp(`^Usage: sagaworks ${usage.replaceAll(/[[\]<>.]/g, '\\$&')}`));
});

test('the roles that the help names are those of the platform', () => {
  expect(roleNames().sort()).toEqual([...roles].sort());
});
