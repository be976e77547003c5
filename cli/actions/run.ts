import { runPlatform } from '../../workers/main';
import { note } from '../output';
import { processSettings } from '../platform/settings';

export async function run(roles: string[]): Promise<void> {
  const settings = processSettings(process.env);
  if (settings.note) note(settings.note, {});
  const started = endOnSignals();
  const platform = await runPlatform(settings.env, roles);
  started();
  platform.stopOnSignals();
  // A parent process learns that this one is ready, and on which port.
  process.send?.({ port: platform.port });
  // When the parent has died, it can no longer stop this process.
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
}

const signals = ['SIGTERM', 'SIGINT'] as const;

/**
 * Ends the process when it is asked to while it starts: nothing is to be drained yet, and the first process of a
 * container ignores signals without a handler. @returns what removes the handlers again.
 */
function endOnSignals(): () => void {
  const end = (signal: NodeJS.Signals): void => process.exit(signal === 'SIGTERM' ? 143 : 130);
  for (const signal of signals) process.once(signal, end);
  return () => {
    for (const signal of signals) process.off(signal, end);
  };
}
