import { CliCommand } from '../cli-command';
import { actions } from '../actions/load';
import { choice } from '../options';
import { roles } from '../../contracts/http/roles';

export const token = (): CliCommand =>
  new CliCommand('token', 'Print a bearer token, signed with TOKEN_SIGNING_KEYS or the key of the local stack')
    .requiredOption('--user <id>', 'the id of the user, a UUID')
    .addOption(choice('--role <role>', 'what the user may do', Object.keys(roles)).makeOptionMandatory())
    .example('token --user 0192f3a0-0000-7000-8000-000000000001 --role customer')
    .runs(() => actions.token.printToken);
