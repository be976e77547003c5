import { randomUUID } from 'node:crypto';
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time';
import { createLogger } from '../../lib/telemetry/logger';
import { connectTemporal, type TemporalConnection, type TemporalOptions } from '../../lib/temporal/client';
import { eventually } from './eventually';
import { required } from './required';

const keyword = 2;

/** Makes a Temporal namespace of its own on the test server, with keyword search attributes; returns its name. */
export async function createNamespace(
  attributes: readonly string[] = [],
  namespace = `test-${randomUUID()}`,
): Promise<string> {
  const connection = await Connection.connect({ address: required('TEMPORAL_ADDRESS') });
  try {
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: msToTs('1 day'),
    });
    await addKeywords(connection, namespace, attributes);
  } finally {
    await connection.close();
  }
  return namespace;
}

/** Adds keyword search attributes; resolves when the server knows them, and the namespace. */
export async function addKeywords(
  connection: Connection,
  namespace: string,
  attributes: readonly string[],
): Promise<void> {
  const searchAttributes = Object.fromEntries(attributes.map((name) => [name, keyword]));
  // The server's caches learn of a new namespace, and then of its search attributes, after a moment.
  if (attributes.length > 0)
    await eventually(() => connection.operatorService.addSearchAttributes({ namespace, searchAttributes }));
  const query = attributes.map((name) => `${name} = "any"`).join(' or ');
  await eventually(() => connection.workflowService.countWorkflowExecutions({ namespace, query }), 60_000);
}

/** Connects to a namespace of its own. @param address of Temporal: another one when something stands before it. */
export const connectToNamespace = async (
  attributes: readonly string[] = [],
  address = required('TEMPORAL_ADDRESS'),
  payloads: Pick<TemporalOptions, 'payloadKeys' | 'payloads'> = {},
): Promise<TemporalConnection> =>
  connectTemporal({
    ...payloads,
    address,
    namespace: await createNamespace(attributes),
    logger: createLogger({ name: 'test', level: 'silent' }),
  });
