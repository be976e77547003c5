import { CliCommand } from '../cli-command';
import { actions } from '../actions/load';

const id = '0192f3a0-0000-7000-8000-000000000001';

export const user = (): CliCommand =>
  new CliCommand('user', 'Lock and unlock a user, or revoke one of their tokens')
    .addCommand(
      new CliCommand('lock', 'Refuse all tokens of a user, and end their open streams')
        .argument('<id>', 'the id of the user')
        .option('--reason <text>', 'why; it is kept in the audit log')
        .example(`user lock ${id} --reason "reported as stolen"`)
        .runs(() => actions.user.lock),
    )
    .addCommand(
      new CliCommand('unlock', 'Accept tokens of a user again that are issued after the lock')
        .argument('<id>', 'the id of the user')
        .option('--reason <text>', 'why; it is kept in the audit log')
        .example(`user unlock ${id}`)
        .runs(() => actions.user.unlock),
    )
    .addCommand(
      new CliCommand('revoke-token', 'Refuse one token from now on, whosever it is')
        .argument('<jti>', 'the id of the token, its claim jti')
        .option('--reason <text>', 'why; it is kept in the audit log')
        .example('user revoke-token 0192f3a0-0000-7000-8000-00000000000f')
        .runs(() => actions.user.revokeToken),
    );
