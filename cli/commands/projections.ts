import { CliCommand } from '../cli-command';
import { actions } from '../actions/load';

const name = ['<name>', 'the name of the read model, as "projections list" shows it'] as const;

export const projections = (): CliCommand =>
  new CliCommand('projections', 'Verify and rebuild read models')
    .addCommand(
      new CliCommand('list', 'List the read models, with the versions of their tables and of the code')
        .example('projections list')
        .runs(() => actions.projections.list),
    )
    .addCommand(
      new CliCommand('verify', 'Compare a read model with its events (exit code 2 if they differ); changes nothing')
        .argument(...name)
        .example('projections verify order-list')
        .runs(() => actions.projections.verifyOne),
    )
    .addCommand(
      new CliCommand('rebuild', 'Build a read model from its events in a shadow table, then swap the two')
        .argument(...name)
        .option('--restart', 'discard what an interrupted rebuild has done')
        .option('--whole', 'read the whole log of the producer, and move the subscription to its end')
        .note('Ctrl-C stops it; the next one goes on from there.')
        .example('projections rebuild order-list')
        .example('projections rebuild order-list --restart')
        .runs(() => actions.projections.rebuildOne),
    )
    .addCommand(
      new CliCommand('back', 'Swap a read model with the table it had before, brought up to date')
        .argument(...name)
        .example('projections back order-list')
        .runs(() => actions.projections.goBackOne),
    );
