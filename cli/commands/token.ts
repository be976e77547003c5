import { parseArgs } from 'node:util';
import { anyCaseId } from '../../lib/ids/ids';
import { readSecrets } from '../../infra/local/secrets';
import { roles } from '../../contracts/http/roles';
import { createTokens, operatorRole } from '../../lib/http/tokens';
import { UsageError, type Command } from '../command';

const allowed = [...roles, operatorRole] as const;

export const token: Command = {
  usage: `--user <id> --role ${allowed.join('|')}`,
  summary: 'Print a bearer token, signed with JWT_SECRET or the local stack’s secret',
  async run(args) {
    const { values } = parseArgs({ args: [...args], options: { user: { type: 'string' }, role: { type: 'string' } } });
    const role = allowed.find((name) => name === values.role);
    if (!values.user || !role) throw new UsageError(`Give --user <id>, and --role ${allowed.join(' or ')}`);
    if (!anyCaseId.safeParse(values.user).success) throw new UsageError(`"${values.user}" is no id: a user has a UUID`);
    const secret = process.env['JWT_SECRET'] || readSecrets('.sagaworks')?.jwt;
    if (!secret) throw new Error('There is no secret to sign with: set JWT_SECRET, or run "npm start" here first');
    process.stdout.write(`${await createTokens({ secret, roles }).sign({ userId: values.user, role })}\n`);
  },
};
