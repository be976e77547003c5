import type { settleableKinds } from '../../contracts/http/drift';
import { CliCommand } from '../cli-command';
import { actions } from '../actions/load';
import { choice, number } from '../options';

/** Every kind that can be settled; the type has them, so that this file needs no schema. */
const kinds = Object.keys({ 'parcel-kept': true } satisfies Record<(typeof settleableKinds)[number], true>);

const most = 1_000_000_000;
const id = '0192f3a0-0000-7000-8000-000000000001';

export const audit = (): CliCommand =>
  new CliCommand('audit', 'Compare what the services say of the same orders (exit code 2 if they differ)')
    .option('--settle <seconds>', 'leave out orders that changed less than this ago', number(0, most), 60)
    .option('--behind <seconds>', 'report consumers that are further behind than this', number(0, most), 300)
    .option('--window <hours>', 'how far back consumers are compared with the logs', number(0, most), 24)
    .option(
      '--chain',
      'verify instead that no event and no audit entry was changed, removed or inserted since it was sealed',
    )
    .note('It reads the databases, the broker and Temporal, and prints the commands that repair each difference.')
    .example('audit')
    .example('audit --settle 0 --json')
    .example('audit --chain')
    .addCommand(
      new CliCommand('settle', 'Accept a difference that stays as it is, so that it is not reported again')
        .argument('<orderId>', 'the id of the order')
        .addOption(choice('--kind <kind>', 'the kind of difference', kinds).makeOptionMandatory())
        .requiredOption('--reason <text>', 'why; it is kept in the audit log')
        .example(`audit settle ${id} --kind parcel-kept --reason "the customer keeps it"`)
        .runs(() => actions.audit.settle),
    )
    .runs(() => actions.audit.compare);
