import { refuseToStart } from '../../lib/config/load';
import { bridge } from '../bridge/bridge';
import { platformVariables } from '../config/needs';
import { discovered } from './discover';
import { problemsOf } from './problems';
import { standaloneRoles } from './roles';

/** To be called before anything is started: prints what is wrong with the modules and exits with 78, or returns. */
export function requireSoundModules(): void {
  const problems = problemsOf(discovered, {
    platform: [{ file: 'workers/bridge/bridge.ts', participant: bridge }],
    settings: { file: 'workers/config/config.ts', shapes: platformVariables },
    roles: standaloneRoles,
  });
  if (problems.length > 0) refuseToStart('The modules of the services do not fit together', problems);
}
