#!/usr/bin/env node
import { CommandFailure, exitCodes, UsageError, type Command } from './command';

/** Loaded when it is called: all of them together need everything there is, which takes seconds. */
const commands: Readonly<Record<string, () => Command>> = {
  run: () => (require('./commands/run') as typeof import('./commands/run')).run,
  token: () => (require('./commands/token') as typeof import('./commands/token')).token,
  topology: () => (require('./commands/topology') as typeof import('./commands/topology')).topology,
  order: () => (require('./commands/order') as typeof import('./commands/order')).order,
  carrier: () => (require('./commands/carrier') as typeof import('./commands/carrier')).carrier,
  dlq: () => (require('./commands/dlq') as typeof import('./commands/dlq')).dlq,
  consumers: () => (require('./commands/consumers') as typeof import('./commands/consumers')).consumers,
  parked: () => (require('./commands/parked') as typeof import('./commands/parked')).parked,
  outbox: () => (require('./commands/outbox') as typeof import('./commands/outbox')).outbox,
  projections: () => (require('./commands/projections') as typeof import('./commands/projections')).projections,
  sagas: () => (require('./commands/sagas') as typeof import('./commands/sagas')).sagas,
  audit: () => (require('./commands/audit') as typeof import('./commands/audit')).audit,
  deploy: () => (require('./commands/deploy') as typeof import('./commands/deploy')).deploy,
  'codec-server': () => (require('./commands/codec-server') as typeof import('./commands/codec-server')).codecServer,
};

const exits = `Exit codes: 0 done, 1 failed, 2 nothing matched or there is a difference, 3 stopped because it failed again,
64 wrong arguments, 69 the platform or a system that it needs is away.
`;

const usage = (): string => `Usage: sagaworks <command>

${Object.entries(commands)
  .map(([name, load]) => ({ name, ...load() }))
  .map(({ name, usage: of, summary }) => `  ${name} ${of}\n      ${summary}`)
  .join('\n')}

sagaworks <command> --help shows one of them.

${exits}`;

const usageOf = (name: string, { usage: of, summary }: Command): string =>
  `Usage: sagaworks ${name} ${of}\n\n${summary}\n\n${exits}`;

const isHelp = (word: string | undefined): boolean => word === '--help' || word === '-h';

/** What is shown beside wrong arguments: the help of the command, or of all when none was meant. */
let help = usage;

async function main(args: readonly string[]): Promise<void> {
  const [name = '', ...rest] = args[0] === 'help' ? [...args.slice(1), '--help'] : args;
  if (isHelp(name)) {
    process.stdout.write(usage());
    return;
  }
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!load) throw new UsageError(name === '' ? 'Name a command' : `There is no command "${name}"`);
  const command = load();
  help = () => usageOf(name, command);
  if (rest.some(isHelp)) process.stdout.write(help());
  else await command.run(rest);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const { message, code } = error as { message: string; code?: unknown };
  // Of gRPC's errors the code is a number.
  const isUsage = error instanceof UsageError || String(code).startsWith('ERR_PARSE_ARGS');
  process.stderr.write(`${message}\n${isUsage ? `\n${help()}` : ''}`);
  process.exit(isUsage ? exitCodes.usage : exitCodeOf(error));
});

/** Commands that reach systems from here meet the same outages as the processes do. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommandFailure) return error.exitCode;
  const { classify } = require('../lib/errors/classify') as typeof import('../lib/errors/classify');
  return classify(error).code === 'unavailable' ? exitCodes.unavailable : exitCodes.failed;
}
