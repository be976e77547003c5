import { readSecrets } from '../../infra/local/secrets';
import { localDirectory, unknownAddress } from './local-stack';

/** What signs tokens: `JWT_SECRET`, otherwise the secret of the local stack. @throws Error when there is neither. */
export const tokenSecret = (env: NodeJS.ProcessEnv = process.env, directory = localDirectory): string =>
  known(env['JWT_SECRET'] || readSecrets(directory)?.jwt, 'The secret that signs tokens', 'JWT_SECRET');

/** What signs the carrier's reports: `CARRIER_WEBHOOK_SECRET`, otherwise likewise. @throws Error likewise. */
export const carrierSecret = (env: NodeJS.ProcessEnv = process.env, directory = localDirectory): string =>
  known(
    env['CARRIER_WEBHOOK_SECRET'] || readSecrets(directory)?.carrier,
    'The secret of the carrier',
    'CARRIER_WEBHOOK_SECRET',
  );

function known(secret: string | undefined, what: string, variable: string): string {
  if (secret) return secret;
  throw unknownAddress(what, variable);
}
