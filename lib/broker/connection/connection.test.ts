import { expect, test } from '@jest/globals';
import pino from 'pino';
import { eventually } from '../../../tests/lib-support/eventually';
import { startProxy } from '../../../tests/lib-support/proxy';
import { required } from '../../../tests/lib-support/required';
import { connectBroker, checkBroker } from './connection';

const logger = pino({ level: 'silent' });

test('a broker that does not answer at start fails after five attempts, with advice and without the password', async () => {
  const target = new URL(required('RABBITMQ_URL'));
  const line = await startProxy({ host: target.hostname, port: Number(target.port) });
  line.cut();
  const warnings: { attempt?: number; waitMs?: number }[] = [];
  const noting = pino(
    { level: 'warn' },
    { write: (written: string) => void warnings.push(JSON.parse(written) as object) },
  );
  const url = `amqp://somebody:secret@127.0.0.1:${line.port}`;
  const failure = connectBroker({ url, name: 'test', logger: noting, backoffMs: 8 });
  await expect(failure).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(
      `RabbitMQ does not answer at 127.0.0.1:${line.port}: 5 attempts failed.*RABBITMQ_URL`,
    ),
  });
  await expect(failure).rejects.not.toMatchObject({ message: expect.stringContaining('secret') });
  expect(warnings.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4]);
  for (const [index, { waitMs = 0 }] of warnings.entries()) {
    expect(waitMs).toBeGreaterThanOrEqual(Math.floor(8 * 2 ** index * 0.75));
    expect(waitMs).toBeLessThanOrEqual(Math.ceil(8 * 2 ** index * 1.25));
  }
  await line.close();
});

test('once connected, a lost connection is retried without end', async () => {
  const target = new URL(required('RABBITMQ_URL'));
  const line = await startProxy({ host: target.hostname, port: Number(target.port) });
  target.port = String(line.port);
  let attempts = 0;
  const counting = pino(
    { level: 'warn' },
    { write: (written: string) => void (attempts += written.includes('does not answer') ? 1 : 0) },
  );
  const broker = await connectBroker({
    url: target.href,
    name: 'test',
    logger: counting,
    backoffMs: 1,
    maxBackoffMs: 5,
  });
  const connections: boolean[] = [];
  broker.publishing.onUp(() => connections.push(true));
  line.cut();
  await eventually(() => expect(attempts).toBeGreaterThan(20));
  expect(broker.publishing.isUp()).toBe(false);
  await expect(broker.publishing.withChannel(() => Promise.resolve())).rejects.toMatchObject({ code: 'unavailable' });
  line.restore();
  await eventually(() => expect(broker.publishing.isUp() && broker.consuming.isUp()).toBe(true));
  expect(connections).toHaveLength(2);
  await broker.close();
  await line.close();
});

test('a broker that accepts no messages is limited, until it does or the connection is renewed', async () => {
  const target = new URL(required('RABBITMQ_URL'));
  const line = await startProxy({ host: target.hostname, port: Number(target.port) });
  target.port = String(line.port);
  const broker = await connectBroker({ url: target.href, name: 'test', logger, backoffMs: 10, maxBackoffMs: 50 });
  // An alarm of the real broker would block all other tests, so its event is emitted here.
  let emit: (event: 'blocked' | 'unblocked') => void = () => undefined;
  broker.publishing.onUp((connection) => (emit = (event) => void connection.emit(event, 'low on disk')));
  expect(checkBroker(broker)).toEqual({ state: 'up' });
  emit('blocked');
  expect(checkBroker(broker)).toEqual({ state: 'limited', reason: 'blocked' });
  emit('unblocked');
  expect(checkBroker(broker)).toEqual({ state: 'up' });
  emit('blocked');
  line.cut();
  await eventually(() => expect(checkBroker(broker)).toMatchObject({ state: 'down' }));
  line.restore();
  await eventually(() => expect(checkBroker(broker)).toEqual({ state: 'up' }));
  await broker.close();
  await line.close();
});

test('closing returns although the broker disappears meanwhile', async () => {
  const target = new URL(required('RABBITMQ_URL'));
  const line = await startProxy({ host: target.hostname, port: Number(target.port) });
  target.port = String(line.port);
  const broker = await connectBroker({ url: target.href, name: 'test', logger });
  line.stall();
  const closing = broker.close();
  line.cut();
  await closing;
  await line.close();
});

test('of several addresses those that do not answer are skipped, at start and after a loss', async () => {
  const target = new URL(required('RABBITMQ_URL'));
  const [dead, line] = [
    await startProxy({ host: target.hostname, port: Number(target.port) }),
    await startProxy({ host: target.hostname, port: Number(target.port) }),
  ];
  dead.cut();
  const url = [dead.port, line.port].map((port) => Object.assign(new URL(target.href), { port: String(port) }).href);
  const broker = await connectBroker({ url, name: 'test', logger, backoffMs: 10, maxBackoffMs: 50 });
  let connections = 0;
  broker.consuming.onUp(() => (connections += 1));
  expect(connections).toBe(1);
  line.cut();
  dead.restore();
  await eventually(() => expect(connections).toBe(2));
  await broker.close();
  await Promise.all([dead.close(), line.close()]);
});
