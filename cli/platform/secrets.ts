import { secretIn } from '../../lib/config/secret-files';
import { readSecrets } from '../../infra/local/secrets';
import { localDirectory, unknownAddress } from './local-stack';

/** What signs tokens: `TOKEN_SIGNING_KEYS`, otherwise the keys of the local stack. @throws Error when there is neither. */
export const signingKeys = (env: NodeJS.ProcessEnv = process.env, directory = localDirectory): string =>
  known(secretIn(env, 'TOKEN_SIGNING_KEYS') ?? localKeys(directory), 'The key that signs tokens', 'TOKEN_SIGNING_KEYS');

function localKeys(directory: string): string | undefined {
  const keys = readSecrets(directory)?.tokenKeys;
  return keys && JSON.stringify(keys);
}

/** What signs the carrier's reports: the first of `CARRIER_WEBHOOK_SECRET`, otherwise likewise. @throws Error likewise. */
export const carrierSecret = (env: NodeJS.ProcessEnv = process.env, directory = localDirectory): string =>
  known(
    secretIn(env, 'CARRIER_WEBHOOK_SECRET')?.split(',')[0]?.trim() ?? readSecrets(directory)?.carrier,
    'The secret of the carrier',
    'CARRIER_WEBHOOK_SECRET',
  );

function known(secret: string | undefined, what: string, variable: string): string {
  if (secret) return secret;
  throw unknownAddress(what, variable);
}
