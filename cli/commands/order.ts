import { CliCommand } from '../cli-command';
import { actions } from '../actions/load';
import { versionRange } from '../options';

const id = '0192f3a0-0000-7000-8000-000000000001';

export const order = (): CliCommand =>
  new CliCommand('order', 'Show an order, what it was, and what happened to it')
    .addCommand(
      new CliCommand('show', 'Show an order as it is, or as it was')
        .argument('<id>', 'the id of the order')
        .option('--version <n>', 'as it was at this version')
        .option('--at <time>', 'as it was at this time (ISO 8601)')
        .example(`order show ${id}`)
        .example(`order show ${id} --at 2026-11-30T09:00:00Z`)
        .runs(() => actions.order.show),
    )
    .addCommand(
      new CliCommand('explain', 'Explain what happened to an order, when and why')
        .argument('<id>', 'the id of the order, or of its payment, shipment, an event, a request, a trace or an e-mail')
        .note('The first line says it all; the gap is the time since the line before.')
        .example(`order explain ${id}`)
        .example(`order explain order/${id} --json`)
        .runs(() => actions.order.explain),
    )
    .addCommand(
      new CliCommand('history', 'List the events of an order, and who caused them')
        .argument('<id>', 'the id of the order')
        .example(`order history ${id}`)
        .runs(() => actions.order.history),
    )
    .addCommand(
      new CliCommand('diff', 'Show which fields changed between two versions')
        .argument('<id>', 'the id of the order')
        .option('--version <a..b>', 'the two versions (default: the last two)', versionRange)
        .example(`order diff ${id}`)
        .example(`order diff ${id} --version 1..3`)
        .runs(() => actions.order.diff),
    );
