import { randomUUID } from 'node:crypto';
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time';
import { searchAttributes } from '../../contracts/saga/order';
import { createLogger } from '../../lib/telemetry/logger';
import { connectTemporal, type TemporalConnection } from '../../lib/temporal/client';
import { eventually } from '../lib-support/eventually';
import { required } from '../lib-support/required';

const keyword = 2;

/** Makes a Temporal namespace of its own on the test server, with the platform's search attributes; gives its name. */
export async function createTestNamespace(namespace = `test-${randomUUID()}`): Promise<string> {
  const connection = await Connection.connect({ address: required('TEMPORAL_ADDRESS') });
  try {
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: msToTs('1 day'),
    });
    await addSearchAttributes(connection, namespace);
  } finally {
    await connection.close();
  }
  return namespace;
}

/** Resolves when the server knows the platform's search attributes. */
export async function addSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const names = Object.values(searchAttributes).map(({ name }) => [name, keyword] as const);
  // The server's caches learn of a new namespace, and then of its search attributes, after a moment.
  await eventually(() =>
    connection.operatorService.addSearchAttributes({ namespace, searchAttributes: Object.fromEntries(names) }),
  );
  const query = names.map(([name]) => `${name} = "any"`).join(' or ');
  await eventually(() => connection.workflowService.countWorkflowExecutions({ namespace, query }), 60_000);
}

/** Connects to a namespace of its own. @param address of Temporal: another one when something stands before it. */
export const connectToTestNamespace = async (address = required('TEMPORAL_ADDRESS')): Promise<TemporalConnection> =>
  connectTemporal({
    address,
    namespace: await createTestNamespace(),
    logger: createLogger({ name: 'test', level: 'silent' }),
  });
