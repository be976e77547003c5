import { buildOf } from '../workers/platform/build';
import { CliCommand } from './cli-command';
import { apiKey } from './commands/api-key';
import { audit } from './commands/audit';
import { carrier } from './commands/carrier';
import { codecServer } from './commands/codec-server';
import { completion } from './commands/completion';
import { consumers } from './commands/consumers';
import { deploy } from './commands/deploy';
import { dlq } from './commands/dlq';
import { help } from './commands/help';
import { migrate } from './commands/migrate';
import { order } from './commands/order';
import { outbox } from './commands/outbox';
import { parked } from './commands/parked';
import { projections } from './commands/projections';
import { provision } from './commands/provision';
import { run } from './commands/run';
import { sagas } from './commands/sagas';
import { secrets } from './commands/secrets';
import { token } from './commands/token';
import { topology } from './commands/topology';
import { user } from './commands/user';

/** The commands, under the headings of the help. */
const groups: Readonly<Record<string, readonly (() => CliCommand)[]>> = {
  'Run and deploy:': [run, secrets, provision, migrate, deploy, topology, codecServer],
  'Orders and sagas:': [order, sagas, audit, carrier],
  'Users:': [user],
  'Messages and read models:': [dlq, parked, outbox, consumers, projections],
  'Access:': [token, apiKey],
  'This command line:': [completion, help],
};

/** The whole command line. Parsing changes it, so each call makes a new one. */
export function createProgram(): CliCommand {
  const program = new CliCommand('sagaworks', 'Run the platform, look into it, and repair it').note(
    'Commands find the platform through environment variables, or the local stack of npm start in this folder. ' +
      'In a checkout: npm run sagaworks -- <command>',
  );
  const { version, commit } = buildOf(process.env);
  program.version(`${version} (commit ${commit})`, '-V, --version', 'print the version and the commit');
  for (const [heading, commands] of Object.entries(groups))
    for (const create of commands) program.addCommand(create().helpGroup(heading));
  return program;
}
