import { CliCommand } from '../cli-command';
import { actions } from '../actions/load';
import { serviceArgument } from '../options';

const id = '0192f3a0-0000-7000-8000-000000000001';

export const outboxParked = (): CliCommand =>
  new CliCommand('parked', 'Retry or discard events that could not be published; without a command, list them')
    .example('outbox parked')
    .addCommand(
      new CliCommand('list', 'List events that could not be published (exit code 2 if there are none)')
        .addArgument(serviceArgument('[service]', 'only of this service'))
        .example('outbox parked list orders')
        .runs(() => actions.outboxParked.list),
    )
    .addCommand(
      new CliCommand('retry', 'Publish a parked event now; if that fails, it is parked again')
        .addArgument(serviceArgument('<service>', 'the service'))
        .argument('<eventId>', 'the id of the event')
        .example(`outbox parked retry orders ${id}`)
        .runs(() => actions.outboxParked.retry),
    )
    .addCommand(
      new CliCommand('discard', 'Give up a parked event: it is never published')
        .addArgument(serviceArgument('<service>', 'the service'))
        .argument('<eventId>', 'the id of the event')
        .requiredOption('--reason <text>', 'why; it is kept in the audit log')
        .example(`outbox parked discard orders ${id} --reason "written by a test"`)
        .runs(() => actions.outboxParked.discard),
    )
    .runs(() => actions.outboxParked.listAll);
