import { CliCommand } from '../cli-command';
import { actions } from '../actions/load';
import { serviceArgument } from '../options';
import { outboxParked } from './outbox-parked';

export const outbox = (): CliCommand =>
  new CliCommand('outbox', 'Watch, pause and resume the relays of the event logs, and publish events again')
    .addCommand(
      new CliCommand('status', 'Show each log: what is unpublished, and who holds it back')
        .example('outbox status')
        .runs(() => actions.outbox.status),
    )
    .addCommand(
      new CliCommand('pause', 'Stop publishing the events of a service')
        .addArgument(serviceArgument('<service>', 'the service'))
        .example('outbox pause orders')
        .runs(() => actions.outbox.pause),
    )
    .addCommand(
      new CliCommand('resume', 'Publish the events of a service again, from where it was paused')
        .addArgument(serviceArgument('<service>', 'the service'))
        .example('outbox resume orders')
        .runs(() => actions.outbox.resume),
    )
    .addCommand(
      new CliCommand('replay', 'Publish events of a log once more, all from a place on, or those of one stream')
        .addArgument(serviceArgument('<service>', 'the service'))
        .option('--from <place>', 'a position in the log or a time; with --stream a version')
        .option('--stream <stream>', 'only this stream, such as order-7')
        .option('--queue <queue>', 'only to this queue (default: to all that are bound)')
        .note('Give --from or --stream. Consumers drop the events that they have applied.')
        .example('outbox replay orders --from 2026-11-30T09:00:00Z')
        .example('outbox replay orders --stream order-7 --from 2 --queue bridge-order-events')
        .runs(() => actions.outbox.replay),
    )
    .addCommand(outboxParked());
