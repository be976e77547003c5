import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { temporal as proto } from '@temporalio/proto';
import { sql } from 'kysely';
import { spawn } from 'node:child_process';
import { randomUUID, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import pino from 'pino';
import { connectBroker } from '../../lib/broker/connection/connection';
import { newTokenKey } from '../../lib/http/identity/token-keys';
import { createManagement } from '../../lib/broker/management';
import { liveSettings } from '../../lib/config/live-settings';
import { readConfig } from '../../lib/config/load';
import { createReloader } from '../../lib/config/reload';
import { openDatabase, type Database } from '../../lib/db/database';
import { listenTo } from '../../lib/db/listen';
import { classify } from '../../lib/errors/classify';
import { checkTemporal, connectTemporal, type TemporalConnection } from '../../lib/temporal/client';
import { createActivityWorker } from '../../lib/temporal/worker';
import { createAddresses, type Addresses } from '../../workers/config/addresses';
import { contradictionsIn } from '../../workers/config/contradictions';
import { configFor } from '../../workers/config/required-config';
import { assign } from '../../workers/modules/roles';
import { createAuthority, writeFiles } from '../lib-support/certificates';
import { eventually } from '../lib-support/eventually';
import { programOf } from '../lib-support/program';
import { required } from '../lib-support/required';
import { startTlsProxy, type TlsProxy } from '../lib-support/tls-proxy';
import { startTlsBroker, type TlsBroker } from '../support/tls-broker';
import { startTlsPostgres, type TlsPostgres } from '../support/tls-postgres';

/** Servers that take TLS only, from clients with a certificate of this authority. */
const authority = createAuthority('an authority');
const stranger = createAuthority('another authority');
const server = authority.sign();
const impostors = {
  expired: authority.sign({ expired: true }),
  wrongHost: authority.sign({ name: 'elsewhere.example' }),
  wrongAuthority: stranger.sign(),
};
const client = authority.sign({ name: 'sagaworks' });

const folder = mkdtempSync(join(tmpdir(), 'sagaworks-transport-'));
const files = writeFiles(folder, { ca: authority.cert, cert: client.cert, key: client.key });
const logger = pino({ level: 'silent' });
let postgres: TlsPostgres;
let broker: TlsBroker;
/** In front of the test stack's broker and Temporal, where a certificate can be changed. */
let amqp: TlsProxy;
let temporal: TlsProxy;
const ends: (() => unknown)[] = [];

beforeAll(async () => {
  const clientAuthority = authority.cert;
  const [{ hostname: host, port }, { hostname, port: temporalPort }] = [
    new URL(required('RABBITMQ_URL')),
    new URL(`tcp://${required('TEMPORAL_ADDRESS')}`),
  ];
  [postgres, broker, amqp, temporal] = await Promise.all([
    startTlsPostgres({ ...server, authority: authority.cert }),
    startTlsBroker({ ...server, authority: authority.cert }),
    startTlsProxy({ host, port: Number(port) }, { ...server, clientAuthority }),
    startTlsProxy({ host: hostname, port: Number(temporalPort) }, { ...server, clientAuthority, protocols: ['h2'] }),
  ]);
}, 120_000);
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});
afterAll(async () => {
  await Promise.all([postgres.stop(), broker.stop(), amqp.close(), temporal.close()]);
  rmSync(folder, { recursive: true });
});

type Part = 'ca' | 'cert' | 'key';

/** The files of one system's settings. */
const tlsOf = (system: 'POSTGRES' | 'RABBITMQ' | 'TEMPORAL', parts: readonly Part[] = ['ca', 'cert', 'key']) =>
  Object.fromEntries(parts.map((part) => [`${system}_TLS_${part.toUpperCase()}_FILE`, files[part]]));

/** The addresses of a process with these settings. */
function addressesWith(env: Record<string, string>): Addresses {
  const given = {
    RABBITMQ_URL: 'amqp://127.0.0.1',
    TOKEN_SIGNING_KEYS: JSON.stringify(newTokenKey()),
    NOTIFICATIONS_DATABASE_URL: postgres.url,
    ...env,
  };
  const schema = configFor(assign(['notifications']));
  const { config, problems } = readConfig(schema, given);
  if (!config) throw new Error(problems.join('; '));
  expect(contradictionsIn(config, new Date())).toEqual([]);
  const reloader = createReloader({ logger, everyMs: 50 });
  ends.push(() => reloader.stop());
  return createAddresses(config, { live: liveSettings(schema, { env: given, config, reloader }), reloader });
}

function open(env: Record<string, string>): Database<unknown> {
  const url = addressesWith(env).database('notifications');
  if (!url) throw new Error('No address');
  const database = openDatabase<unknown>({ url, name: 'transport', poolSize: 2 });
  ends.push(() => database.close());
  return database;
}
const query = ({ kysely }: Database<unknown>) =>
  sql<{ ssl: boolean; serial: string }>`
    select ssl, client_serial::text as serial from pg_stat_ssl where pid = pg_backend_pid()`
    .execute(kysely)
    .then(({ rows: [row] }) => row);

const connectAmqp = async (env: Record<string, string>) => {
  const connected = await connectBroker({
    url: addressesWith(env).broker(),
    name: 'transport',
    logger,
    attempts: 1,
  });
  ends.push(() => connected.close());
  return connected;
};

async function connectGrpc(
  env: Record<string, string>,
  address = `localhost:${temporal.port}`,
): Promise<TemporalConnection> {
  const access = addressesWith(env).temporal();
  const connected = await connectTemporal({ address, logger, access, attempts: 1 });
  ends.push(() => connected.close());
  return connected;
}

const amqpsUrl = (): string => required('RABBITMQ_URL').replace('amqp:', 'amqps:').replace(/:\d+/, `:${amqp.port}`);

const refusalOf = (attempt: Promise<unknown>): Promise<unknown> =>
  attempt.then(
    () => Promise.reject(new Error('It was not refused')),
    (error: unknown) => error,
  );

test('a database is read, and its notifications are received, over mutual TLS', async () => {
  const database = open(tlsOf('POSTGRES'));
  expect(await query(database)).toMatchObject({ ssl: true, serial: expect.any(String) });
  const received: string[] = [];
  const { url } = database;
  const listening = listenTo({
    url,
    name: 'listener',
    channels: ['notes'],
    onNotification: (channel = 'connected') => received.push(channel),
    onError: ({ message }) => received.push(message),
  });
  ends.push(() => listening.close());
  await eventually(() => expect(received).toEqual(['connected']));
  await sql`notify notes`.execute(database.kysely);
  await eventually(() => expect(received).toEqual(['connected', 'notes']));
});

test('the URL of a database may name the files as well', async () => {
  const url = new URL(postgres.url);
  const parameters = { sslmode: 'verify-full', sslrootcert: files.ca, sslcert: files.cert, sslkey: files.key };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  expect(await query(open({ NOTIFICATIONS_DATABASE_URL: url.href }))).toMatchObject({ ssl: true });
});

test('a broker and its management API are reached over mutual TLS', async () => {
  const env = { ...tlsOf('RABBITMQ'), RABBITMQ_URL: broker.url };
  const addresses = addressesWith(env);
  const connected = await connectAmqp(env);
  await connected.publishing.withChannel((channel) => channel.assertQueue('notes'));
  const management = createManagement({
    url: broker.managementUrl,
    amqpUrl: addresses.broker(),
    tls: addresses.brokerTls(),
  });
  expect((await management.read()).queues).toEqual([expect.objectContaining({ name: 'notes' })]);
});

test('clients and workers reach Temporal over mutual TLS', async () => {
  const connected = await connectGrpc(tlsOf('TEMPORAL'));
  expect(await checkTemporal(connected)).toEqual({ state: 'up' });
  const taskQueue = randomUUID();
  const worker = await createActivityWorker({ temporal: connected, taskQueue, activities: { note: () => undefined } });
  ends.push(() => worker.stop());
  worker.start();
  await eventually(async () => expect(await pollersOf(connected, taskQueue)).toHaveLength(1));
});

const pollersOf = async ({ client: { workflowService } }: TemporalConnection, name: string) => {
  const taskQueueType = proto.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY;
  const answer = await workflowService.describeTaskQueue({ namespace: 'default', taskQueue: { name }, taskQueueType });
  return answer.pollers;
};

const refusals = [
  ['an expired certificate', 'expired', /the server's certificate has expired/],
  ['the certificate of another host', 'wrongHost', /the server's certificate is for another host/],
  ['a certificate of another authority', 'wrongAuthority', /not signed by an authority in [A-Z]+_TLS_CA_FILE/],
] as const;

test.each(refusals)('a server with %s is an outage, in a sentence that says so', async (_, impostor, sentence) => {
  const certificate = impostors[impostor];
  await postgres.use(certificate);
  amqp.use(certificate);
  temporal.use(certificate);
  ends.push(async () => {
    await postgres.use(server);
    amqp.use(server);
    temporal.use(server);
  });
  // The server reads its certificate a moment after it was told to.
  await eventually(async () => {
    const error = await refusalOf(query(open(tlsOf('POSTGRES'))));
    expect(classify(error)).toMatchObject({ code: 'unavailable' });
    expect((error as Error).message).toMatch(sentence);
  });
  for (const attempt of [
    connectAmqp({ ...tlsOf('RABBITMQ'), RABBITMQ_URL: amqpsUrl() }),
    connectGrpc(tlsOf('TEMPORAL')),
  ])
    await expect(attempt).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(sentence),
    });
});

test('a client without a certificate is refused, in a sentence that names the setting', async () => {
  const error = await refusalOf(query(open(tlsOf('POSTGRES', ['ca']))));
  expect(classify(error)).toMatchObject({ code: 'unavailable' });
  expect((error as Error).message).toContain('requires a client certificate; set POSTGRES_TLS_CERT_FILE');
  await expect(connectAmqp({ ...tlsOf('RABBITMQ', ['ca']), RABBITMQ_URL: broker.url })).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('requires a client certificate; set RABBITMQ_TLS_CERT_FILE'),
  });
  await expect(connectGrpc(tlsOf('TEMPORAL', ['ca']))).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('requires a client certificate; set TEMPORAL_TLS_CERT_FILE'),
  });
});

test('where TLS is not configured, or the server has none, the sentence says that', async () => {
  const plain = await refusalOf(query(open({})));
  expect(classify(plain)).toMatchObject({ code: 'unavailable' });
  await expect(connectGrpc({})).rejects.toMatchObject({
    message: expect.stringContaining('set TEMPORAL_TLS'),
  });
  const there = required('RABBITMQ_URL').replace('amqp:', 'amqps:');
  await expect(connectAmqp({ ...tlsOf('RABBITMQ'), RABBITMQ_URL: there })).rejects.toMatchObject({
    message: expect.stringContaining('does not speak TLS'),
  });
});

test('a name in the certificate that is not that of the address can be expected', async () => {
  temporal.use(impostors.wrongHost);
  ends.push(() => temporal.use(server));
  const connected = await connectGrpc({ ...tlsOf('TEMPORAL'), TEMPORAL_TLS_SERVER_NAME: 'elsewhere.example' });
  expect(await checkTemporal(connected)).toEqual({ state: 'up' });
});

test('a new certificate is used from the next connection on; a wrong one is not', async () => {
  const database = open(tlsOf('POSTGRES'));
  const connected = await connectGrpc(tlsOf('TEMPORAL'));
  const taskQueue = randomUUID();
  const worker = await createActivityWorker({ temporal: connected, taskQueue, activities: { note: () => undefined } });
  ends.push(() => worker.stop());
  worker.start();
  const first = await query(database);
  ends.push(() => writeFiles(folder, { cert: client.cert, key: client.key }));

  const next = authority.sign({ name: 'sagaworks', ownKey: true });
  writeFiles(folder, { cert: next.cert });
  // The key is still that of the old certificate.
  await eventually(async () => expect(await query(database)).toEqual(first));
  writeFiles(folder, { key: next.key });
  const second = await eventually(async () => {
    const found = await query(database);
    expect(found?.serial).not.toBe(first?.serial);
    return found;
  });
  expect(second).toMatchObject({ ssl: true });

  const { serialNumber } = new X509Certificate(next.cert);
  // A connection of clients, and one of workers.
  await eventually(() => expect(temporal.clients.filter((one) => one === serialNumber).length).toBeGreaterThan(1));
  temporal.cut();
  expect(await eventually(() => checkTemporal(connected))).toEqual({ state: 'up' });
});

/** A process that does not start: its exit code, and what it prints to its error stream. */
async function startAlone(env: Record<string, string>): Promise<{ code: number | null; said: string }> {
  const { file, execArgv } = programOf('cli/sagaworks.ts');
  const child = spawn(process.execPath, [...execArgv, file, 'run', 'notifications'], {
    env: {
      PATH: process.env['PATH'],
      RABBITMQ_URL: required('RABBITMQ_URL'),
      TOKEN_SIGNING_KEYS: JSON.stringify(newTokenKey()),
      NOTIFICATIONS_DATABASE_URL: postgres.url,
      LOG_LEVEL: 'silent',
      PORT: '0',
      ...env,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const [said, [code]] = await Promise.all([text(child.stderr), exited]);
  return { code, said };
}

test('settings that contradict each other end a process with 78 and a sentence', async () => {
  const missing = join(folder, 'missing.pem');
  const { code, said } = await startAlone({
    RABBITMQ_TLS_CA_FILE: missing,
    TEMPORAL_TLS: 'false',
    TEMPORAL_API_KEY: 'a key',
  });
  expect(said).toBe(
    [
      'The configuration is not valid:',
      `  RABBITMQ_TLS_CA_FILE: ${missing} cannot be read (ENOENT)`,
      '  RABBITMQ_URL: must begin with amqps: because RABBITMQ_TLS_… files are set',
      '  TEMPORAL_TLS: is false, but TLS is required by TEMPORAL_API_KEY',
      '',
    ].join('\n'),
  );
  expect(code).toBe(78);
}, 30_000);

test('a server that is refused at start ends a process as an outage, with a sentence', async () => {
  expect(await startAlone(tlsOf('POSTGRES', ['ca']))).toEqual({
    code: 69,
    said: expect.stringContaining('the server requires a client certificate; set POSTGRES_TLS_CERT_FILE'),
  });
}, 30_000);
