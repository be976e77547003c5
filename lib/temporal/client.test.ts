import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startProxy, type Proxy } from '../../tests/lib-support/proxy';
import { required } from '../../tests/lib-support/required';
import { createLogger } from '../telemetry/logger';
import { connectTemporal } from './client';

const logger = createLogger({ name: 'test', level: 'silent' });
let line: Proxy;

beforeEach(async () => {
  const [host = '', port] = required('TEMPORAL_ADDRESS').split(':');
  line = await startProxy({ host, port: Number(port) });
});
afterEach(() => line.close());

test('a server that never answers is a clear error', async () => {
  line.cut();
  const address = `127.0.0.1:${line.port}`;
  await expect(connectTemporal({ address, logger, attempts: 2 })).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining(`Temporal does not answer at ${address}: 2 attempts failed. Is it running?`),
  });
});

test('a server that starts late is waited for', async () => {
  line.cut();
  const connecting = connectTemporal({ address: `127.0.0.1:${line.port}`, logger });
  setTimeout(() => line.restore(), 2_500);
  const temporal = await connecting;
  expect(temporal.namespace).toBe('default');
  await temporal.close();
});

test('after an outage the same connection works again', async () => {
  const { client, close } = await connectTemporal({ address: `127.0.0.1:${line.port}`, logger });
  line.cut();
  line.restore();
  await expect(client.workflow.count('WorkflowId = "nobody"')).resolves.toMatchObject({ count: 0 });
  await close();
});
