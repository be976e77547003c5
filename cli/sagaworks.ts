#!/usr/bin/env node
import { CommandFailure, exitCodes, UsageError, type Command } from './command';
import { audit } from './commands/audit';
import { carrier } from './commands/carrier';
import { codecServer } from './commands/codec-server';
import { deploy } from './commands/deploy';
import { dlq } from './commands/dlq';
import { order } from './commands/order';
import { outbox } from './commands/outbox';
import { parked } from './commands/parked';
import { projections } from './commands/projections';
import { run } from './commands/run';
import { sagas } from './commands/sagas';
import { token } from './commands/token';
import { topology } from './commands/topology';

const commands: Readonly<Record<string, Command>> = {
  run,
  token,
  topology,
  order,
  carrier,
  dlq,
  parked,
  outbox,
  projections,
  sagas,
  audit,
  deploy,
  'codec-server': codecServer,
};

const usage = `Usage: sagaworks <command>

${Object.entries(commands)
  .map(([name, command]) => `  ${`${name} ${command.usage}`.padEnd(46)} ${command.summary}`)
  .join('\n')}

Exit codes: 0 done, 1 failed, 2 nothing matched or there is a difference, 3 stopped because it failed again,
64 wrong arguments, 69 the platform or a system that it needs is away.
`;

async function main(args: readonly string[]): Promise<void> {
  const [name = '', ...rest] = args;
  if (name === 'help' || args.includes('--help')) {
    process.stdout.write(usage);
    return;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) throw new UsageError(name === '' ? 'Name a command' : `There is no command "${name}"`);
  await command.run(rest);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const { message, code } = error as NodeJS.ErrnoException;
  const isUsage = error instanceof UsageError || code?.startsWith('ERR_PARSE_ARGS');
  process.stderr.write(`${message}\n${isUsage ? `\n${usage}` : ''}`);
  const exitCode = error instanceof CommandFailure ? error.exitCode : exitCodes.failed;
  process.exit(isUsage ? exitCodes.usage : exitCode);
});
