import { CliCommand } from '../cli-command';
import { actions } from '../actions/load';

const which = '--queue order-service-user-events --stream user-7';
const id = '0192f3a0-0000-7000-8000-000000000001';

export const parked = (): CliCommand =>
  new CliCommand('parked', 'Release or discard events that wait for their predecessor, or for a deploy')
    .addCommand(
      new CliCommand('list', 'List parked events (exit code 2 if there are none)')
        .option('--queue <queue>', 'only of this queue')
        .example('parked list')
        .runs(() => actions.parked.list),
    )
    .addCommand(
      new CliCommand('release', 'Handle what is parked of a stream now, without the missing predecessor')
        .requiredOption('--queue <queue>', 'the queue whose consumer parked it')
        .requiredOption('--stream <stream>', 'the stream, such as user-7')
        .option('--id <eventId>', 'go on with this event (default: with the first parked one)')
        .example(`parked release ${which}`)
        .runs(() => actions.parked.release),
    )
    .addCommand(
      new CliCommand('discard', 'Go on without a parked event, which is never handled')
        .requiredOption('--queue <queue>', 'the queue whose consumer parked it')
        .requiredOption('--stream <stream>', 'the stream, such as user-7')
        .requiredOption('--id <eventId>', 'the id of the event')
        .requiredOption('--reason <text>', 'why; it is kept in the audit log')
        .example(`parked discard ${which} --id ${id} --reason "its user is erased"`)
        .runs(() => actions.parked.discard),
    );
