import { CliCommand } from '../cli-command';
import { actions } from '../actions/load';
import { wholeNumber } from '../options';
import { scopes } from '../../contracts/http/scopes';

export const apiKey = (): CliCommand =>
  new CliCommand('api-key', 'Create, list and revoke the API keys of programs (needs the token of an admin)')
    .addCommand(
      new CliCommand('create', 'Create an API key, and print it: it is shown only this once')
        .requiredOption('--name <name>', 'what the key is for')
        .requiredOption(
          '--scopes <scopes>',
          `what it allows, separated by commas, of: ${Object.keys(scopes).join(', ')}`,
        )
        .option('--days <days>', 'how long it is valid', wholeNumber(1, 730), 90)
        .example('api-key create --name "shop front" --scopes products:read,orders:write')
        .runs(() => actions.apiKey.create),
    )
    .addCommand(
      new CliCommand('list', 'List the API keys, newest first (exit code 2 if there are none)')
        .example('api-key list')
        .runs(() => actions.apiKey.list),
    )
    .addCommand(
      new CliCommand('revoke', 'Revoke an API key; every process refuses it within a second')
        .argument('<keyId>', 'the id of the key')
        .example('api-key revoke 0192f3a0-0000-7000-8000-000000000001')
        .runs(() => actions.apiKey.revoke),
    );
