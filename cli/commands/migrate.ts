import { CliCommand } from '../cli-command';
import { actions } from '../actions/load';

export const migrate = (): CliCommand =>
  new CliCommand('migrate', 'Migrate databases as their owners, and grant the running roles what they need')
    .note(
      'It takes the databases whose owner is named, as in ORDERS_DATABASE_OWNER_URL beside ORDERS_DATABASE_URL. ' +
        'Processes without these variables wait until it has run.',
    )
    .example('migrate')
    .runs(() => actions.migrate.migrate);
