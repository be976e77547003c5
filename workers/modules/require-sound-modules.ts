import { refuseToStart } from '../../lib/config/load';
import { bridge } from '../bridge/bridge';
import { platformVariables } from '../config/required-config';
import { discovered } from './discover';
import { problemsOf } from './problems';
import { standaloneRoles } from './roles';

/** To be called before anything is started: when the modules contradict each other, prints how and exits with 78. */
export function requireSoundModules(): void {
  const problems = problemsOf(discovered, {
    platform: [{ file: 'workers/bridge/bridge.ts', participant: bridge }],
    settings: { file: 'workers/config/config.ts', shapes: platformVariables },
    roles: standaloneRoles,
  });
  if (problems.length > 0) refuseToStart('The modules of the services contradict each other', problems);
}
