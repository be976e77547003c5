import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { newSecrets } from '../../workers/provision/new-secrets';
import { deployedRoles } from './roles';

/** Done without: Temporal's development server asks for no key, payloads may be plain, the users' database has API keys. */
const optional = ['TEMPORAL_API_KEY', 'TEMPORAL_PAYLOAD_KEYS', 'RATE_LIMITS_DATABASE_URL', 'API_KEYS_DATABASE_URL'];
const read = [...new Set(deployedRoles().flatMap(({ secrets }) => secrets))].filter((name) => !optional.includes(name));
/** Of these, the scripts write one line for all services. */
const named = read.filter((name) => !/_(DATABASE_URL|RABBITMQ_LOGIN)$/.test(name));

test('the Secret that the chart generates has every secret that a role reads', () => {
  const template = readFileSync('infra/helm/sagaworks/templates/secret.yaml', 'utf8');
  for (const name of named) expect(template).toContain(`"${name}"`);
});

test('the script for those without Helm writes every secret that a role reads', () => {
  const script = readFileSync('infra/kubernetes/make-secrets.sh', 'utf8');
  for (const name of named) expect(script).toContain(`line "${name}=`);
});

test('the containers of Docker Compose get every secret that a role reads', () => {
  const { processes } = newSecrets({ postgres: 'db:5432', rabbitmq: 'mq:5672', rabbitmqManagement: 'mq:15672' });
  // The inbox of all e-mails has no password, so its address is in the Compose file.
  expect(Object.keys(processes)).toEqual(expect.arrayContaining(read.filter((name) => name !== 'SMTP_URL')));
});
