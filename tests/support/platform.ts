import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { RoleName } from '../../contracts/http/roles';
import { newTokenKey } from '../../lib/http/identity/token-keys';
import { tokenIssuerOf } from '../../workers/config/token-issuer';
import { emailChangeKeys } from './email-changes';
import { orderDetailsKeys } from './order-details';
import { databaseVariables } from '../../infra/local/environment';
import { createOwnedDatabase } from './owned-database';
import { createTestNamespace } from './namespace';
import { databaseNames } from '../../workers/modules/roles';
import { programOf } from '../lib-support/program';
import { required } from '../lib-support/required';
import { createTestVhost } from '../lib-support/vhost';
import { workflowBundleOf } from '../lib-support/workflow-bundle';

/** A world of its own for a platform: databases, virtual host, Temporal namespace; it outlives the platform's process. */
export interface World {
  env: Record<string, string>;
  /** Database URLs by service, as the administrator: the platform's processes work as the roles that `env` names. */
  databases: Record<string, string>;
  drop(): Promise<void>;
}

/** Makes a world; `change` may point parts of it elsewhere, at a proxy for instance. */
export async function createWorld(change: Record<string, string> = {}): Promise<World> {
  const [vhost, namespace, ...databases] = await Promise.all([
    createTestVhost(),
    createTestNamespace(),
    ...databaseNames.map(() => createOwnedDatabase()),
  ]);
  const urls = Object.fromEntries(databaseNames.map((name, index) => [name, databases[index]?.adminUrl ?? '']));
  const variables = databaseNames.flatMap((name, index) => databaseVariables(name, databases[index]));
  return {
    databases: urls,
    env: {
      ...(Object.fromEntries(variables) as Record<string, string>),
      RABBITMQ_URL: vhost.url,
      TEMPORAL_ADDRESS: required('TEMPORAL_ADDRESS'),
      TEMPORAL_NAMESPACE: namespace,
      TOKEN_SIGNING_KEYS: JSON.stringify(newTokenKey()),
      CARRIER_WEBHOOK_SECRET: randomUUID(),
      ORDER_DETAILS_KEYS: orderDetailsKeys,
      EMAIL_CHANGE_KEYS: emailChangeKeys,
      EMAIL_CHANGE_URL: 'https://shop.example/confirm',
      RECONCILE_EVERY_MS: '0',
      LOG_LEVEL: 'warn',
      ...change,
    },
    drop: async () => {
      await Promise.all([vhost.drop(), ...databases.map((database) => database.drop())]);
    },
  };
}

/** The whole platform in a process of its own, as `sagaworks run all` starts it. */
export interface TestPlatform {
  /** A request as an operator, or with the given token; the body is sent as JSON. */
  call(method: string, path: string, body?: unknown, options?: CallOptions): Promise<Answer>;
  token(userId: string, role: RoleName): Promise<string>;
  readonly url: string;
  stop(): Promise<void>;
  /** `kill -9`: nothing is drained, nothing said goodbye to. */
  kill(): Promise<void>;
}
interface CallOptions {
  token?: string;
  headers?: Record<string, string>;
}
export interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

/** Starts the platform, or those roles of it, on a free port and waits until it is ready. */
export async function startTestPlatform(
  { env }: Pick<World, 'env'>,
  roles: readonly string[] = ['all'],
  inherited: NodeJS.ProcessEnv = process.env,
): Promise<TestPlatform> {
  const runsSagas = roles.some((role) => role === 'all' || role === 'saga');
  const bundle = runsSagas ? await workflowBundleOf(resolve('workflows/index.ts')) : undefined;
  const { file, execArgv } = programOf('cli/sagaworks.ts');
  const child = fork(file, ['run', ...roles], {
    execArgv,
    env: { ...inherited, ...(bundle === undefined ? {} : { WORKFLOW_BUNDLE: bundle }), ...env, PORT: '0' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [ready] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) =>
      Promise.reject(new Error(`The platform exited with ${code} before it was ready`)),
    ),
  ])) as [{ port: number }];

  const { TOKEN_SIGNING_KEYS_FILE: keys } = env;
  const issuer = tokenIssuerOf(keys === undefined ? env : { ...env, TOKEN_SIGNING_KEYS: readFileSync(keys, 'utf8') });
  const token: TestPlatform['token'] = (userId, role) => issuer.sign({ userId, role });
  const operator = await token(randomUUID(), 'operator');
  const url = `http://127.0.0.1:${ready.port}`;
  return {
    token,
    url,
    call: (method, path, body, options) => call(url + path, method, operator, body, options),
    stop: () => end(child, 'SIGTERM'),
    kill: () => end(child, 'SIGKILL'),
  };
}

async function call(
  url: string,
  method: string,
  operator: string,
  body: unknown,
  options: CallOptions = {},
): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${options.token ?? operator}`,
      'content-type': 'application/json',
      ...(method === 'POST' && url.endsWith('/orders') ? { 'idempotency-key': randomUUID() } : {}),
      ...options.headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const answered = await response.text();
  const { status } = response;
  return { status, headers: response.headers, body: (answered === '' ? {} : JSON.parse(answered)) as Answer['body'] };
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}
