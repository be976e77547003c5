import { CliCommand } from '../cli-command';
import { actions } from '../actions/load';

export const secrets = (): CliCommand =>
  new CliCommand('secrets', 'Make passwords and keys as files, for SECRETS_DIRECTORY')
    .argument('<folder>', 'where the secrets that processes read are written')
    .requiredOption('--owners <folder>', 'where those of the owners of databases are written, for provision alone')
    .option('--postgres <host:port>', 'the server of all databases', 'postgres:5432')
    .option('--rabbitmq <host:port>', 'the broker', 'rabbitmq:5672')
    .option('--rabbitmq-management <host:port>', 'its management API', 'rabbitmq:15672')
    .note('Each file has the name of the setting that it holds. Files that are there stay as they are.')
    .example('secrets /run/sagaworks --owners /run/sagaworks-owners')
    .runs(() => actions.secrets.secrets);
