import { runPlatform } from '../../workers/main';
import { note } from '../output';
import { processSettings } from '../platform/settings';

export async function run(roles: string[]): Promise<void> {
  const settings = processSettings(process.env);
  if (settings.note) note(settings.note, {});
  const platform = await runPlatform(settings.env, roles);
  platform.stopOnSignals();
  // A parent process learns that this one is ready, and on which port.
  process.send?.({ port: platform.port });
  // When the parent has died, it can no longer stop this process.
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
}
