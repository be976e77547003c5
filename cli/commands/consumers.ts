import { CliCommand } from '../cli-command';
import { actions } from '../actions/load';

export const consumers = (): CliCommand =>
  new CliCommand('consumers', 'Show the consumers of all queues').addCommand(
    new CliCommand('list', 'List queues, and which are held because a system they need is unavailable')
      .example('consumers list')
      .runs(() => actions.consumers.list),
  );
