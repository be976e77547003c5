import { Argument } from 'commander';
import { CliCommand } from '../cli-command';
import { actions } from '../actions/load';
import { serviceNames } from '../service-names';

/** Every role, without loading the services; a test compares them with those of `workers/modules/roles.ts`. */
export const roleNames = (): string[] => [
  'all',
  ...serviceNames(),
  ...['api', 'relay', 'consumers', 'activities', 'bridge', 'saga'],
];

export const run = (): CliCommand =>
  new CliCommand('run', 'Run one process of the platform, with one role or more, until SIGTERM or Ctrl-C')
    .addArgument(
      new Argument('<role...>', 'a service (all its parts), a part (of every service), or bridge or saga').choices(
        roleNames(),
      ),
    )
    .note(
      'The settings come from the environment; where it names no system, they are those of the local stack ' +
        '(npm start). The log goes to standard output, one JSON object a line.',
    )
    .example('run all')
    .example('run orders')
    .example('run relay consumers')
    .runsWithoutJson(() => actions.run.run);
