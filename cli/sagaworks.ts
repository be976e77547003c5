#!/usr/bin/env node
import { UsageError, type Command } from './command';
import { order } from './commands/order';
import { run } from './commands/run';
import { token } from './commands/token';
import { topology } from './commands/topology';

const commands: Readonly<Record<string, Command>> = { run, token, topology, order };

const usage = `Usage: sagaworks <command>

${Object.entries(commands)
  .map(([name, command]) => `  ${`${name} ${command.usage}`.padEnd(46)} ${command.summary}`)
  .join('\n')}
`;

/** EX_USAGE of sysexits. */
const wrongUsage = 64;

async function main(args: readonly string[]): Promise<void> {
  const [name = '', ...rest] = args;
  if (name === 'help' || args.includes('--help')) {
    process.stdout.write(usage);
    return;
  }
  const command = commands[name];
  if (!command) throw new UsageError(name === '' ? 'Name a command' : `There is no command "${name}"`);
  await command.run(rest);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const { message, code } = error as NodeJS.ErrnoException;
  const isUsage = error instanceof UsageError || code?.startsWith('ERR_PARSE_ARGS');
  process.stderr.write(`${message}\n${isUsage ? `\n${usage}` : ''}`);
  process.exit(isUsage ? wrongUsage : 1);
});
