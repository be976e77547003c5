import { CliCommand } from '../cli-command';
import { actions } from '../actions/load';

export const topology = (): CliCommand =>
  new CliCommand('topology', 'Compare exchanges, queues and bindings of the broker with the declared ones')
    .addCommand(
      new CliCommand('plan', 'Show how the broker differs from the declared topology (exit code 2 if it does)')
        .example('topology plan')
        .example('topology plan --json')
        .runs(() => actions.topology.plan),
    )
    .addCommand(
      new CliCommand('apply', 'Change the broker to the declared topology, without losing a message')
        .note('It can be repeated after it was interrupted. Exit code 2: a difference is left, and printed.')
        .example('topology apply')
        .runs(() => actions.topology.apply),
    );
