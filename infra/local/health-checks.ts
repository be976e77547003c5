import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { connect } from 'amqplib';
import { Client } from 'pg';
import { searchAttributes } from '../../contracts/saga/order';
import type { Endpoints, System } from './systems';
import { UserError } from './steps';

type Question = (at: Endpoints) => Promise<void>;

/** Each asks what the platform will ask, so that a yes means it can start. */
const questions: Record<System, Question> = {
  postgres: async ({ databaseUrl }) => {
    const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5_000 });
    client.on('error', () => undefined); // The query fails, and says why.
    try {
      await client.connect();
      await client.query('select 1');
    } finally {
      await client.end();
    }
  },
  rabbitmq: async ({ rabbitmqUrl, rabbitmqManagementUrl }) => {
    const { username, password, origin } = new URL(rabbitmqManagementUrl);
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    const answer = await fetch(`${origin}/api/overview`, {
      headers: { authorization },
      signal: AbortSignal.timeout(5_000),
    });
    if (!answer.ok) throw new Error(`The management API answers ${answer.status}`);
    const connection = await connect(rabbitmqUrl, { timeout: 5_000 });
    await connection.close();
  },
  temporal: async ({ temporalAddress, temporalNamespace: namespace }) => {
    const connection = await Connection.connect({ address: temporalAddress, connectTimeout: '5 seconds' });
    try {
      await connection.workflowService.describeNamespace({ namespace });
      const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
      const missing = Object.values(searchAttributes).filter(({ name }) => !(name in customAttributes));
      if (missing.length > 0)
        throw new Error(`it lacks the search attributes ${missing.map(({ name }) => name).join(', ')}`);
    } finally {
      await connection.close();
    }
  },
  mail: async ({ smtpUrl }) => {
    const { hostname, port } = new URL(smtpUrl);
    const socket = connectTcp({ host: hostname, port: Number(port) || 25, timeout: 5_000 });
    try {
      const silent = (): Promise<never> => Promise.reject(new Error('it does not say hello'));
      const [greeting] = (await Promise.race([
        once(socket, 'data'),
        once(socket, 'timeout').then(silent),
        // Docker listens before the server in the container does, and hangs up.
        once(socket, 'close').then(silent),
      ])) as [Buffer];
      if (!greeting.toString().startsWith('220')) throw new Error(`it says ${greeting.toString().trim()}`);
    } finally {
      socket.destroy();
    }
  },
};

/**
 * Waits until a system answers.
 * @throws the last refusal when it does not within `withinMs`, or what `died` rejects with.
 */
export async function untilReady(
  system: System,
  at: Endpoints,
  died: Promise<never>,
  withinMs = 90_000,
): Promise<void> {
  const deadline = Date.now() + withinMs;
  const asked = async (): Promise<void> => {
    for (;;) {
      try {
        await questions[system](at);
        return;
      } catch (error) {
        if (isWrongPassword(error)) throw otherSecrets;
        if (Date.now() > deadline) throw error;
        await sleep(150);
      }
    }
  };
  await Promise.race([asked(), died]);
}

/** PostgreSQL's invalid_password: waiting does not help. */
const isWrongPassword = (error: unknown): boolean => (error as { code?: unknown }).code === '28P01';
const otherSecrets = new UserError(
  'PostgreSQL refuses the password of .sagaworks/secrets.json: its data is from before that file was made',
  'npm start -- --fresh',
);

const attributes = Object.values(searchAttributes).map(({ name }) => `--name ${name} --type Keyword`);
const fixes: Record<System, string> = {
  postgres: 'start it where DATABASE_URL says, or: unset DATABASE_URL',
  rabbitmq:
    'start it where RABBITMQ_URL and RABBITMQ_MANAGEMENT_URL say, or: unset RABBITMQ_URL RABBITMQ_MANAGEMENT_URL',
  temporal: `start it where TEMPORAL_ADDRESS says, give it the search attributes (temporal operator search-attribute create ${attributes.join(' ')}), or: unset TEMPORAL_ADDRESS`,
  mail: 'start it where SMTP_URL says, or: unset SMTP_URL',
};

/** Asks a system that the environment names, once. @throws UserError when it does not answer as it should. */
export async function mustAnswer(system: System, at: Endpoints): Promise<void> {
  try {
    await questions[system](at);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`${system}, which the environment names, cannot be used: ${reason}`, fixes[system]);
  }
}
