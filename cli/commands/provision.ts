import { Option } from 'commander';
import { CliCommand } from '../cli-command';
import { actions } from '../actions/load';
import { wholeNumber } from '../options';

/** As in `workers/provision/parts.ts`, without loading the services; a test compares the two. */
export const partNames = ['databases', 'broker', 'temporal'];

export const provision = (): CliCommand =>
  new CliCommand('provision', 'Make what the platform needs of PostgreSQL, RabbitMQ and Temporal')
    .addOption(
      new Option('--only <part...>', 'one part or more; default: all whose settings are there').choices(partNames),
    )
    .option(
      '--retention-days <days>',
      'how long Temporal keeps ended workflows of a new namespace',
      wholeNumber(1, 3650),
      7,
    )
    .option('--dry-run', 'change nothing; print what an administrator would run by hand')
    .note(
      'It makes databases with their roles and migrates them, the virtual host with its users, permissions and topology, ' +
        'and the namespace with its search attributes. Names and passwords are those of the settings of the processes; ' +
        'DATABASE_URL and RABBITMQ_MANAGEMENT_URL name administrators. What is there stays, so it can be repeated. ' +
        'Exit code 2: a difference of the broker is left, and printed.',
    )
    .example('provision')
    .example('provision --only broker temporal')
    .example('provision --dry-run --only databases > databases.sql')
    .runs(() => actions.provision.provision);
