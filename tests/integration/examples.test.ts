import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { connect, type Channel, type ChannelModel } from 'amqplib';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { orderCancelled, orderConfirmed, orderShipped } from '../../contracts/events/order';
import { toMessage, type OutgoingMessage } from '../../lib/events/envelope';
import { declareExchange } from '../../lib/broker/topology/declare';
import { eventually } from '../lib-support/eventually';
import { createTestVhost, type TestVhost } from '../lib-support/vhost';

let vhost: TestVhost;
let connection: ChannelModel;
let channel: Channel;
let folder: string;
const running: ChildProcess[] = [];

beforeAll(async () => {
  vhost = await createTestVhost();
  connection = await connect(vhost.url);
  channel = await connection.createChannel();
  await declareExchange(channel, 'order-events');
  folder = mkdtempSync(join(tmpdir(), 'sagaworks-pika-'));
  if (hasPython) installPika(folder);
}, 120_000);
afterEach(() => {
  for (const child of running.splice(0)) child.kill();
});
afterAll(async () => {
  await connection.close();
  await vhost.drop();
  rmSync(folder, { recursive: true, force: true });
});

/** Python is not needed for anything else: where it is missing, its example is not tested, and that is said. */
const hasPython = spawnSync('python3', ['-m', 'pip', '--version']).status === 0;
if (!hasPython) process.stderr.write('The Python example is NOT tested: there is no python3 with pip\n');

/** Where the Python example finds `pika`: installed into a folder of its own, nothing of the machine is changed. */
function installPika(target: string): void {
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', target, 'pika==1.3.2'];
  const installed = spawnSync('python3', pip, { encoding: 'utf8' });
  if (installed.status !== 0) throw new Error(`pika can't be installed:\n${installed.stderr}`);
}

/** Starts an example; gives what it has printed so far. */
async function start(command: string, args: readonly string[]): Promise<() => unknown[]> {
  const env = { ...process.env, RABBITMQ_URL: vhost.url, PYTHONPATH: folder };
  const child = spawn(command, [...args, '--fail-on', 'order.cancelled'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.push(child);
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  const lines = (): unknown[] =>
    out
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as unknown);
  await eventually(() => expect(lines()).toContainEqual({ ready: true }));
  return lines;
}

/** @param compatibleVersion the lowest data version whose readers can read it. */
function message(type: string, data: object, dataVersion = 1, compatibleVersion = dataVersion): OutgoingMessage {
  const event = { id: randomUUID(), stream: 'order-1', version: 2, type, dataVersion, time: new Date() };
  return toMessage(
    { ...event, data: JSON.stringify(data), metadata: { correlationId: 'test', compatibleVersion } },
    { exchange: 'order-events', source: '/services/orders' },
  );
}
const send = ({ exchange, routingKey, content, properties }: OutgoingMessage): boolean =>
  channel.publish(exchange, routingKey, content, properties);

const typescript = ['--require', 'tsx/cjs', 'examples/subscriber.ts'];
test.each([
  ['TypeScript', process.execPath, typescript, 'example-order-events'] as const,
  ...(hasPython ? [['Python', 'python3', ['examples/subscriber.py'], 'example-python-order-events'] as const] : []),
])(
  'the %s subscriber handles what comes twice once, and ends what it cannot read or handle in its own dead letters',
  async (_, command, args, queue) => {
    const lines = await start(command, args);
    const nextDead = () =>
      eventually(async () => {
        const found = await channel.get(`${queue}-dead`, { noAck: true });
        if (!found) throw new Error('There is no dead letter yet');
        return found.properties.headers;
      });
    const newer = { ...orderShipped.example, carrier: 'a field that this code does not know' };
    const confirmed = message('order.confirmed', orderConfirmed.example);
    send(confirmed);
    send(confirmed);
    send(message('order.cancelled', orderCancelled.example));
    send(message('order.shipped', newer, 2, 1));
    send(message('order.shipped', newer, 3, 2));
    expect(await nextDead()).toMatchObject({
      'cloudEvents:dataversion': 3,
      'example-attempts': 1,
      'example-error': 'order.shipped version 3 is newer than this code',
    });
    expect(await nextDead()).toMatchObject({
      'cloudEvents:type': 'order.cancelled',
      'example-attempts': 3,
      'example-error': 'order.cancelled is not wanted here',
    });
    const handled = (type: string) => ({ handled: type, orderId: orderConfirmed.example.orderId, version: 2 });
    expect(lines()).toEqual([{ ready: true }, handled('order.confirmed'), handled('order.shipped')]);
  },
  60_000,
);
