import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connect, type ChannelModel, type ConfirmChannel } from 'amqplib';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { declare } from '../../lib/broker/topology/declare';
import { interimQueue } from '../../lib/broker/topology/difference';
import { platformTopology } from '../../workers/topology/topology';
import { eventually } from '../lib-support/eventually';
import { programOf } from '../lib-support/program';
import { createTestVhost, type TestVhost } from '../lib-support/vhost';

const queue = 'order-service-user-events';
let vhost: TestVhost;
let connection: ChannelModel;
let channel: ConfirmChannel;

beforeAll(async () => {
  vhost = await createTestVhost();
  connection = await connect(vhost.url);
  channel = await connection.createConfirmChannel();
});
afterAll(async () => {
  await connection.close();
  await vhost.drop();
});

/** The command, as a process of its own that can be killed. */
function start(args: string[], env: Record<string, string> = {}): ChildProcess {
  const { file, execArgv } = programOf('cli/sagaworks.ts');
  return fork(file, ['topology', ...args], {
    execArgv,
    env: { ...process.env, RABBITMQ_URL: vhost.url, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
}

async function run(args: string[], env?: Record<string, string>) {
  const child = start(args, env);
  const { stdout, stderr } = child;
  if (!stdout || !stderr) throw new Error('The command has no output');
  const [out, err] = await Promise.all([text(stdout), text(stderr), child.exitCode ?? once(child, 'exit')]);
  return { code: child.exitCode, out, err };
}

const publish = (messageId: string): Promise<void> =>
  new Promise((done, failed) =>
    channel.publish('user-events', 'user.created', Buffer.from('{}'), { messageId }, (refused: unknown) =>
      refused ? failed(new Error('refused')) : done(),
    ),
  );

test('plan reports what is missing with exit code 2, apply fixes it, then plan has nothing to report', async () => {
  const before = await run(['plan', '--json']);
  expect(before.code).toBe(2);
  expect(JSON.parse(before.out)).toMatchObject({
    differences: expect.arrayContaining([{ what: 'queue', is: 'missing', name: queue }]),
  });
  expect(await run(['apply'])).toMatchObject({ code: 0 });
  expect(await run(['plan'])).toEqual({ code: 0, out: 'The broker matches the declared topology.\n', err: '' });
}, 60_000);

test('apply, killed with kill -9 in the middle and run again under a running publisher, loses nothing', async () => {
  const count = 30_000;
  const topology = platformTopology();
  await channel.deleteQueue(queue);
  await declare(channel, {
    ...topology,
    queues: topology.queues.map((one) =>
      one.name === queue ? { ...one, arguments: { ...one.arguments, 'x-delivery-limit': 5 } } : one,
    ),
  });
  await Promise.all(Array.from({ length: count }, (_, index) => publish(`waiting-${index}`)));
  let published = 0;
  const enough = new AbortController();
  const publishing = (async () => {
    for (; !enough.signal.aborted; published += 1) await publish(`running-${published}`);
  })();

  const killed = start(['apply']);
  const gone = once(killed, 'exit');
  await eventually(() => halfwayThere(count));
  killed.kill('SIGKILL');
  await gone;
  expect(await run(['plan'])).toMatchObject({ code: 2, out: expect.stringContaining(interimQueue(queue)) });
  expect(await run(['apply'])).toMatchObject({ code: 0 });
  enough.abort();
  await publishing;

  await expectMessages(count + published);
}, 120_000);

/** Looked at on a channel of its own: as long as there is no interim queue, the broker closes it. */
async function halfwayThere(count: number): Promise<void> {
  const looking = await connection.createChannel();
  looking.on('error', () => undefined);
  const { messageCount } = await looking.checkQueue(interimQueue(queue));
  await looking.close();
  expect(messageCount).toBeGreaterThan(count / 10);
}

/** Takes messages until this many different ones have come, and no other. */
async function expectMessages(count: number): Promise<void> {
  const ids = new Set<string>();
  const taking = await connection.createChannel();
  await taking.consume(queue, (message) => ids.add(String(message?.properties.messageId)), { noAck: true });
  await eventually(() => expect(ids.size).toBe(count));
  await taking.close();
}

test.each([
  ['the management is away', ['plan'], { RABBITMQ_MANAGEMENT_URL: 'http://guest:guest@127.0.0.1:1' }, 69],
  ['AMQP is away', ['apply'], { RABBITMQ_URL: 'amqp://guest:guest@127.0.0.1:1' }, 69],
  ['the verb is unknown', ['ponder'], {}, 64],
])('when %s, the reason is one line and the exit code says what kind of failure it is', async (_, args, env, code) => {
  const { code: exit, err } = await run(args, env);
  expect(exit).toBe(code);
  if (code === 69) expect(err).toMatch(/^[^\n]*127\.0\.0\.1:1[^\n]*\n$/);
});
