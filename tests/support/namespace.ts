import type { Connection } from '@temporalio/client';
import { searchAttributes } from '../../contracts/saga/order';
import type { TemporalConnection } from '../../lib/temporal/client';
import { addKeywords, connectToNamespace, createNamespace } from '../lib-support/namespace';

const attributes = Object.values(searchAttributes).map(({ name }) => name);

/** Makes a Temporal namespace of its own on the test server, with the platform's search attributes; returns its name. */
export const createTestNamespace = (name?: string): Promise<string> => createNamespace(attributes, name);

/** Resolves when the server knows the platform's search attributes. */
export const addSearchAttributes = (connection: Connection, namespace: string): Promise<void> =>
  addKeywords(connection, namespace, attributes);

/** Connects to a namespace of its own. @param address of Temporal: another one when something stands before it. */
export const connectToTestNamespace = (address?: string): Promise<TemporalConnection> =>
  connectToNamespace(attributes, address);
