import { CliCommand } from '../cli-command';
import { actions } from '../actions/load';
import { age, jsonFile } from '../options';

const id = '0192f3a0-0000-7000-8000-000000000001';

const withFilters = (command: CliCommand): CliCommand =>
  command
    .option('--queue <queue>', 'only of this queue')
    .option('--reason <reason>', 'only those that failed for this reason')
    .option('--type <type>', 'only events of this type')
    .option('--older-than <age>', 'only those that failed longer ago than this, such as 90s, 30m, 2h or 7d', age);

export const dlq = (): CliCommand =>
  new CliCommand('dlq', 'List, show, redrive or discard dead letters')
    .addCommand(
      withFilters(new CliCommand('list', 'List dead letters (exit code 2 if there are none)'))
        .example('dlq list')
        .example('dlq list --queue order-service-user-events --older-than 2h')
        .runs(() => actions.dlq.list),
    )
    .addCommand(
      withFilters(new CliCommand('show', 'Show one dead letter: its message, its errors, and where it came from'))
        .argument('<id>', 'the id of the dead letter')
        .example(`dlq show ${id}`)
        .runs(() => actions.dlq.show),
    )
    .addCommand(
      withFilters(
        new CliCommand('redrive', 'Bring dead letters back to their queues, and stop when one fails again').argument(
          '[id...]',
          'only these; without ids and filters, all of them',
        ),
      )
        .option('--dry-run', 'only try whether they would be handled now')
        .option('--any-origin', 'also those whose origin the broker cannot prove: inspect them first')
        .option('--data <file.json>', 'replace the data of the one dead letter with the JSON in this file', jsonFile)
        .example('dlq redrive --queue order-service-user-events --dry-run')
        .example(`dlq redrive ${id} --data fixed.json`)
        .runs(() => actions.dlq.redrive),
    )
    .addCommand(
      withFilters(
        new CliCommand('discard', 'Discard dead letters for good, by id or by filter').argument(
          '[id...]',
          'only these',
        ),
      )
        .option('--yes', 'do not ask for confirmation')
        .example(`dlq discard ${id}`)
        .example('dlq discard --reason invalid-message --older-than 7d --yes')
        .runs(() => actions.dlq.discard),
    );
