import { CommanderError } from 'commander';
import { exitCodes, type ExitName } from './exit-codes';
import { CommandFailure } from './failures';
import type { OutputOptions } from './output';

/** Reports on standard error why a command ended. @returns its exit code. */
export function report(error: unknown, { json = false }: OutputOptions): number {
  // Commander ends this way when it has shown a help text.
  if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.done;
  const { message } = error as Error;
  const exit = exitOf(error);
  const exitCode = exitCodes[exit];
  const usage = error instanceof CommandFailure ? error.usage : undefined;
  process.stderr.write(
    json
      ? `${JSON.stringify({ error: { code: exit, message, exitCode, usage } })}\n`
      : `${message}\n${usage === undefined ? '' : `\n${usage}\n`}`,
  );
  return exitCode;
}

/** Commands that connect to the systems themselves meet the same outages as the processes do. */
function exitOf(error: unknown): ExitName {
  if (error instanceof CommandFailure) return error.exit;
  const { classify } = require('../lib/errors/classify') as typeof import('../lib/errors/classify');
  return classify(error).code === 'unavailable' ? 'unavailable' : 'failed';
}

/** Whether the arguments ask for JSON, also where they are wrong and no command has parsed them. */
export function asksForJson(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end < 0 ? args : args.slice(0, end)).includes('--json');
}
