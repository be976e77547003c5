import { CliCommand } from '../cli-command';
import { actions } from '../actions/load';
import { jsonValue } from '../options';

const id = '0192f3a0-0000-7000-8000-000000000001';
const order = ['<orderId>', 'the id of the order'] as const;
const step = ['--step <step>', 'the stuck step (default: the one it is waiting at)'] as const;
const why = ['--reason <text>', 'why; it is kept in the audit log'] as const;

export const sagas = (): CliCommand =>
  new CliCommand('sagas', 'List stuck sagas; retry, skip or resolve a step; restart a terminated saga')
    .addCommand(
      new CliCommand('list', 'List sagas that are waiting for an operator (exit code 2 if there are none)')
        .example('sagas list')
        .runs(() => actions.sagas.list),
    )
    .addCommand(
      new CliCommand('show', 'Show the saga of an order: its status, its undos, and where it is stuck')
        .argument(...order)
        .example(`sagas show ${id}`)
        .runs(() => actions.sagas.show),
    )
    .addCommand(
      new CliCommand('retry', 'Retry the stuck step now')
        .argument(...order)
        .option(...step)
        .option(...why)
        .example(`sagas retry ${id}`)
        .runs(() => actions.sagas.retry),
    )
    .addCommand(
      new CliCommand('skip', 'Go on without the stuck step')
        .argument(...order)
        .option(...step)
        .requiredOption(...why)
        .example(`sagas skip ${id} --reason "released by hand"`)
        .runs(() => actions.sagas.skip),
    )
    .addCommand(
      new CliCommand('resolve', 'Go on as if the stuck step had returned a result')
        .argument(...order)
        .option(...step)
        .requiredOption(...why)
        .option('--result <json>', 'the result of the step, as JSON', jsonValue)
        .example(`sagas resolve ${id} --reason "booked by phone" --result '{"shipmentId":"…"}'`)
        .runs(() => actions.sagas.resolve),
    )
    .addCommand(
      new CliCommand('restart', 'Start a saga again whose workflow was terminated or is gone')
        .argument(...order)
        .requiredOption(...why)
        .example(`sagas restart ${id} --reason "terminated by mistake"`)
        .runs(() => actions.sagas.restart),
    );
