import { expect, test } from '@jest/globals';
import { readConfig } from '../../lib/config/load';
import { newTokenKey } from '../../lib/http/identity/token-keys';
import { assign } from '../modules/roles';
import { contradictionsIn } from './contradictions';
import { configFor } from './required-config';

const valid = {
  RABBITMQ_URL: 'amqps://broker.example',
  TOKEN_SIGNING_KEYS: JSON.stringify(newTokenKey()),
  NOTIFICATIONS_DATABASE_URL: 'postgres://127.0.0.1/notifications',
};
/** A file that is there, but holds no certificate: its problem comes first. */
const notPem = __filename;

function contradictions(env: Record<string, string>): string[] {
  const { config, problems } = readConfig(configFor(assign(['notifications'])), { ...valid, ...env });
  if (!config) throw new Error(problems.join('; '));
  return contradictionsIn(config, new Date()).filter((problem) => !problem.includes('in PEM'));
}

test.each<[string, Record<string, string>]>([
  ['none of the settings', {}],
  ['an authority for the broker', { RABBITMQ_TLS_CA_FILE: notPem }],
  [
    'an authority for verified databases',
    {
      POSTGRES_TLS_CA_FILE: notPem,
      NOTIFICATIONS_DATABASE_URL: `${valid.NOTIFICATIONS_DATABASE_URL}?sslmode=verify-full`,
    },
  ],
  ['TLS for Temporal with an API key', { TEMPORAL_TLS: 'true', TEMPORAL_API_KEY: 'a key' }],
  ['Temporal without TLS', { TEMPORAL_TLS: 'false' }],
])('%s is no contradiction', (_, env) => {
  expect(contradictions(env)).toEqual([]);
});

test.each<[string, Record<string, string>, string]>([
  [
    'a plain broker with an authority',
    { RABBITMQ_URL: 'amqp://broker.example', RABBITMQ_TLS_CA_FILE: notPem },
    'RABBITMQ_URL: must begin with amqps: because RABBITMQ_TLS_… files are set',
  ],
  [
    'a database that is not verified with an authority',
    { POSTGRES_TLS_CA_FILE: notPem, NOTIFICATIONS_DATABASE_URL: 'postgres://127.0.0.1/notes?sslmode=no-verify' },
    'NOTIFICATIONS_DATABASE_URL: says sslmode=no-verify, but POSTGRES_TLS_… files are set',
  ],
  [
    'an authority in the settings and in the URL',
    { POSTGRES_TLS_CA_FILE: notPem, NOTIFICATIONS_DATABASE_URL: 'postgres://127.0.0.1/notes?sslrootcert=/ca.pem' },
    'NOTIFICATIONS_DATABASE_URL: says sslrootcert, but POSTGRES_TLS_… files are set; name files once',
  ],
  [
    'a URL that names a file that is not there',
    { NOTIFICATIONS_DATABASE_URL: 'postgres://127.0.0.1/notes?sslrootcert=/nowhere/ca.pem' },
    'NOTIFICATIONS_DATABASE_URL (sslrootcert): /nowhere/ca.pem cannot be read (ENOENT)',
  ],
  [
    'an API key without TLS',
    { TEMPORAL_TLS: 'false', TEMPORAL_API_KEY: 'a key' },
    'TEMPORAL_TLS: is false, but TLS is required by TEMPORAL_API_KEY',
  ],
  ['half of a pair', { RABBITMQ_TLS_CERT_FILE: notPem }, 'RABBITMQ_TLS_CERT_FILE is set without RABBITMQ_TLS_KEY_FILE'],
])('%s is refused with one sentence', (_, env, problem) => {
  expect(contradictions(env)).toEqual([problem]);
});
