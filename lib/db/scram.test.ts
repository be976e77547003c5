import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { asAdmin } from '../../tests/lib-support/database';
import { required } from '../../tests/lib-support/required';
import { scramVerifier } from './scram';

const role = `scram_${randomUUID().slice(0, 8)}`;

beforeAll(() => asAdmin(`create role ${role} login`));
afterAll(() => asAdmin(`drop role ${role}`));

async function logIn(password: string): Promise<void> {
  const url = new URL(required('DATABASE_URL'));
  [url.username, url.password] = [role, encodeURIComponent(password)];
  const client = new Client({ connectionString: url.href });
  await client.connect();
  await client.end();
}

test.each(['secret', "it's \\ :long: and @ full of $1", 'Grüße, ½ Kännchen'])(
  'a role with the verifier of the password %j logs in with that password, and with no other',
  async (password) => {
    await asAdmin(`alter role ${role} password '${scramVerifier(password, randomBytes(16))}'`);
    await logIn(password);
    await expect(logIn(`${password}!`)).rejects.toThrow('password authentication failed');
  },
);
