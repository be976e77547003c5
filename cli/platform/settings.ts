import { readEnvironment } from '../../infra/local/environment-file';
import { localDirectory } from './local-stack';

/** The settings of a process, and where they come from. */
export interface ProcessSettings {
  env: NodeJS.ProcessEnv;
  /** What to say of it when it is not the environment alone. */
  note?: string;
}

/** A process whose environment names one of these is configured by its environment alone. */
const systems = /^(RABBITMQ_URL|TEMPORAL_ADDRESS|\w+_DATABASE(_OWNER)?_URL)(_FILE)?$/;

/**
 * The settings of a process of the platform: the environment's when it names a system, otherwise those of the local
 * stack. Never a mixture of both, which would connect a process to the wrong broker. Only what is no address (the log
 * level, for instance) may be changed beside the local stack. The local stack has its API at its own port, so that a
 * further process gets any free one, unless `PORT` is set.
 */
export function processSettings(env: NodeJS.ProcessEnv, directory = localDirectory): ProcessSettings {
  if (Object.entries(env).some(([name, value]) => value && systems.test(name))) return { env };
  const local = readEnvironment(directory);
  if (!local) return { env, note: 'No settings: set those below, or run "npm start" here first' };
  return { env: { ...local.variables, PORT: '0', ...env }, note: `The settings are those of ${local.file}` };
}
